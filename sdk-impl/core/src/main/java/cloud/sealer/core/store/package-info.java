/**
 * The store of images on disk: an <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">OCI image
 * layout</a> that {@code skopeo}, {@code umoci} and {@code buildah} read as it stands. {@link
 * cloud.sealer.core.store.OciLayerStore} is the place to start.
 *
 * <pre>
 * oci-layout, index.json, blobs/   the layout; the names of images are in index.json
 * ingest/KEY                       a blob that is being written, or was when its writer died
 * work/ID/                         the temporary files of a session
 * work/ID.lock, work/ID.claims     held while the session lives; the blobs it needs
 * cache/KIND/                      small records of what was computed before
 * lock, index.lock                 what stores and processes exclude one another with
 * </pre>
 *
 * <p>What a newcomer would question:
 *
 * <ul>
 *   <li>Nothing keeps track of processes by number, as they may run in containers that share the
 *       store. A session is alive while somebody holds its lock file; the kernel lets go of it when
 *       the process dies.
 *   <li>POSIX gives up all locks of a process on a file as soon as the process closes <em>any</em>
 *       channel to it, which would make two stores in one JVM undo each other's locks. {@link
 *       cloud.sealer.core.store.StoreLocks} explains the way around.
 *   <li>Prune does not look at the age of blobs, so clocks do not matter: sessions write down what
 *       they need before they rely on it.
 *   <li>Blobs are not read again when they are committed. Whoever writes one computes its digest
 *       from the same bytes on the same way.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.store;

import org.jspecify.annotations.NullMarked;
