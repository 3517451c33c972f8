/**
 * Hosts that are worked on through a POSIX shell, whatever carries its three streams: SSH, an exec
 * in a container, a process of this machine.
 *
 * <p>Start at {@link cloud.sealer.core.host.ShellSession}, which does everything with the one thing
 * a {@link cloud.sealer.core.host.HostTransport} can: start a line of shell text. {@link
 * cloud.sealer.core.host.LocalHostConnector} is this machine.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>The line that is started says nothing but {@code read a script}. The script, with command,
 *       environment and directory, follows on standard input, so that none of it is in a list of
 *       processes, and no login shell other than POSIX has to understand its quotes.
 *   <li>The script is sent when the shell has printed a random token. What login scripts print
 *       before is dropped, and a command that is cancelled before was never sent.
 *   <li>The token is also in the environment of the command. That is how everything it started is
 *       found and ended on a time limit or an interrupt; signals of the SSH protocol are ignored by
 *       older servers, and process groups are left by whoever wants to.
 *   <li>A file that is uploaded comes in pieces with their lengths, so that the host tells its end
 *       from a broken connection before it renames the file.
 *   <li>Everything is done by {@code sh}, {@code tar}, {@code dd} and the like, those of busybox
 *       included; SFTP is one more server that a host need not have.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.host;

import org.jspecify.annotations.NullMarked;
