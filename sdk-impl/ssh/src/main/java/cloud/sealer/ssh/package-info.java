/**
 * Hosts over SSH. Start at {@link cloud.sealer.ssh.SshHostConnector}.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>There is no default for host keys: whoever connects says whether a file, fingerprints, or
 *       nothing at all vouches for a host ({@link cloud.sealer.ssh.HostKeyPolicy}).
 *   <li>Nothing is read from {@code ~/.ssh} or the environment unless its path is given; so is the
 *       socket of an agent.
 *   <li>sshj would register BouncyCastle for the whole JVM and then encrypt in pure Java. It is
 *       told not to, so the ciphers are the JDK's. What it cannot do without is a key factory by
 *       the name {@code ECDSA}: the JDK's, which is called {@code EC}, gets that second name
 *       ({@link cloud.sealer.ssh.EcdsaName}), unless somebody registered a provider that has one.
 *   <li>A connection carries at most eight commands at once, others wait: servers allow ten ({@code
 *       MaxSessions}), and the ending of a command that was cancelled must not wait.
 *   <li>Jump hosts are connected to once, for all hosts behind them: a server that gets a hundred
 *       logins at once drops some ({@code MaxStartups}).
 * </ul>
 */
@NullMarked
package cloud.sealer.ssh;

import org.jspecify.annotations.NullMarked;
