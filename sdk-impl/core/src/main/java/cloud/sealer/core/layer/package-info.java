/**
 * Layers: <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md">tar archives
 * of what changed</a>, written so that equal files give equal bytes, and read without trusting
 * them.
 *
 * <p>{@link cloud.sealer.core.layer.LayerWriter} makes a layer of files in one pass; {@link
 * cloud.sealer.core.layer.BlobLayer} says what the layer of a single blob looks like, and {@link
 * cloud.sealer.core.layer.HashingBlobWriter} writes one while the blob comes in. {@link
 * cloud.sealer.core.layer.LayerReader} reads layers of any origin, {@link
 * cloud.sealer.core.layer.RootfsUnpacker} puts them into a directory and {@link
 * cloud.sealer.core.layer.LayerFiles} picks some of their files.
 *
 * <p>What a newcomer would question:
 *
 * <ul>
 *   <li>Headers are written here rather than by commons-compress, which puts the name of the
 *       current user into the headers of PAX records: the digest of a layer would depend on who
 *       builds it. Reading is another matter; there its experience with odd archives counts.
 *   <li>zstd always runs in its multi-threaded mode, even with one worker, and with jobs of a fixed
 *       size: its output then depends on neither the number of workers nor the machine, while the
 *       single-threaded mode gives other bytes. The level is one whose match finder exists once
 *       only; higher ones have a variant for some processors with other results.
 *   <li>gzip is deterministic for one version of zlib; the JDK may come with another. The digest of
 *       the uncompressed layer is the same everywhere.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.layer;

import org.jspecify.annotations.NullMarked;
