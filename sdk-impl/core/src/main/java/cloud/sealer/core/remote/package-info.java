/**
 * Builds on machines that are made for them: {@link cloud.sealer.core.remote.RemoteBuilder} reads
 * like the list of its steps.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>The machines get the worker (the packed program of {@code sealer-cli}) and do a plain local
 *       build with it. So a build on machines can do nothing that a local one cannot, and needs
 *       nothing of the machines but a shell: the worker brings its Java runtime.
 *   <li>What the base image has is sent once, as an OCI layout that is the worker's store. What
 *       comes back is only what the caller's store does not have.
 *   <li>Arguments may be secret; so all of them are in one file for root's eyes, and none is in the
 *       list of processes.
 *   <li>The worker prints its events as JSON, and they become events of the caller's build. It also
 *       prints its failure so, which keeps code and remedy.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.remote;

import org.jspecify.annotations.NullMarked;
