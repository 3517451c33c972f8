/**
 * Where {@code COPY} takes files from, and what it takes.
 *
 * <p>{@link cloud.sealer.core.context.Contexts} opens a build context as a {@link
 * cloud.sealer.sdk.spi.FileTree}, whatever it is made of, with its ignore file applied; {@link
 * cloud.sealer.core.context.CopySelection} picks the entries that one {@code COPY} puts into the
 * rootfs.
 *
 * <p>Decisions a newcomer would question:
 *
 * <ul>
 *   <li>Nothing here writes a foreign name to a file system. The contents of an archive go into one
 *       nameless spool file, and names, modes and links are kept as values; so an entry such as
 *       {@code ../../etc/passwd} has nothing to escape into, and is refused by name anyway.
 *   <li>A local directory is walked by NIO, not by commons-vfs2, which follows links out of the
 *       tree and knows no modes. For the same reason archives are read by commons-compress.
 *   <li>What cannot be copied (a socket, an unreadable directory) is an error only when a {@code
 *       COPY} selects it: a stray socket in a context must not stop a build that never touches it.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.context;

import org.jspecify.annotations.NullMarked;
