/**
 * Gets the remote sources of {@code COPY}: files over HTTP, and git repositories.
 *
 * <p>Start at {@link cloud.sealer.core.fetch.HttpSourceFetcher} and {@link
 * cloud.sealer.core.fetch.GitSourceFetcher}. Both retry, both can be interrupted, and neither tells
 * a password to a server other than the one it is for.
 *
 * <p>Decisions a newcomer would question:
 *
 * <ul>
 *   <li>JGit fetches into a repository class of our own, not into a {@code .git} directory: the
 *       class for directories reads {@code ~/.gitconfig} and measures the file system into {@code
 *       ~/.config/jgit}, and the only switch for that is shared by the whole JVM.
 *   <li>Files are written from the tree objects, not by JGit's checkout, so that no filter or line
 *       end setting of a configuration changes them.
 *   <li>{@code git@host:path} is fetched through the {@code ssh} program of this machine, as git
 *       does: keys, agent and known hosts are the user's affair, and no second SSH stack comes
 *       along.
 *   <li>Blocking work runs on a thread of its own, because a thread that waits for a socket does
 *       not notice an interrupt; the caller does, and closes the socket.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.fetch;

import org.jspecify.annotations.NullMarked;
