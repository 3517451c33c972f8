/**
 * The build pipeline: {@link cloud.sealer.core.build.BuildPipeline} reads like its description,
 * from the base image over the instructions, discovery and collection to the manifest.
 *
 * <p><strong>The cache.</strong> Each instruction has a key over everything its layer depends on:
 * the key before it (the base's digest at first), its text with variables replaced, the arguments
 * it uses, the digest of its sources, the platform, the compression and the time files carry. The
 * record of a key names the layer. For {@code COPY}, the digest of the sources is the digest of the
 * uncompressed layer they make. To avoid reading unchanged files, a second record goes from the
 * files' stamps (inode, size, times) to that digest; where stamps do not help, the files are read
 * once without writing anything before they are read to be written, and only if this instruction
 * was built before.
 *
 * <p><strong>RUN</strong> needs the rootfs as files. It is unpacked once for a build, when the
 * first {@code RUN} misses the cache, into the build's scratch directory, and grows with the layers
 * that follow.
 *
 * <p><strong>A running cluster.</strong> A local build executes the commands of the Kubefile too,
 * after all instructions, because that is when they are executed with the finished image; then
 * {@link cloud.sealer.core.build.LiveCluster} waits and looks. {@code RUN} sees the cluster as
 * well, so its results are not taken from the cache then. The base's own commands are not executed:
 * the cluster that runs the base has them behind it.
 */
@NullMarked
package cloud.sealer.core.build;

import org.jspecify.annotations.NullMarked;
