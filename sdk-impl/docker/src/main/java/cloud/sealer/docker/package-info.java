/**
 * Containers of a docker engine as hosts. Start at {@link cloud.sealer.docker.DockerHostConnector}.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>Nothing is read from the environment, system properties or the home directory, which
 *       docker-java would do on its own: its configuration is made here from what the caller gives.
 *   <li>docker-java cannot end the standard input of an exec. So commands get their input in pieces
 *       with lengths, as {@link cloud.sealer.core.host} says, and need no end of the stream.
 * </ul>
 */
@NullMarked
package cloud.sealer.docker;

import org.jspecify.annotations.NullMarked;
