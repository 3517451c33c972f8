/**
 * Executes {@code RUN} commands in a writable view of the rootfs and turns what they changed into a
 * file tree.
 *
 * <p>Start at {@link cloud.sealer.core.run.RunExecutors}. There are three executors, tried in this
 * order:
 *
 * <ol>
 *   <li>{@code overlay}: an overlay mount in mount and PID namespaces of its own. Needs root.
 *   <li>{@code overlay-userns}: the same inside a user namespace, without root.
 *   <li>{@code copy}: no mount; the command writes to the rootfs itself, and two snapshots are
 *       compared.
 * </ol>
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>Mounts are made by {@code unshare} and {@code mount} in a private namespace, never in the
 *       one of the JVM. They vanish with the last process in it, so even a JVM killed with SIGKILL
 *       leaves none.
 *   <li>The overlay keeps its marks in {@code user.overlay.*} attributes ({@code userxattr}),
 *       because Java reads no {@code trusted.*} ones. Kernels before 5.11 do not know the option
 *       and get {@code copy}.
 *   <li>Paths reach {@code mount} only as short names relative to the scratch directory, since
 *       commas, colons and backslashes mean something in mount options.
 *   <li>The command's shell text travels in a file, in UTF-8, so that it does not depend on the
 *       locale of the JVM and shows up in no process list of the wrapper.
 *   <li>The environment is built from nothing: see {@link cloud.sealer.core.run.RunExecutors}.
 *   <li>There is no {@code chroot}: a base image has no shell of its own, only what Kubernetes
 *       needs.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.run;

import org.jspecify.annotations.NullMarked;
