/**
 * Building, storing and moving cluster images.
 *
 * <p>A {@linkplain cloud.sealer.sdk.Kubefile Kubefile} and a {@linkplain
 * cloud.sealer.sdk.BuildContext build context} become a {@linkplain cloud.sealer.sdk.ClusterImage
 * cluster image}: one OCI artifact that holds a whole Kubernetes cluster together with every
 * container image it needs. {@link cloud.sealer.sdk.Sealer} is the entry; it hands out the {@link
 * cloud.sealer.sdk.Builder} and the {@link cloud.sealer.sdk.Images} of one store.
 *
 * <pre>
 * Kubefile + BuildContext --Builder--&gt; ClusterImage --Images--&gt; registry or archive
 * </pre>
 *
 * <p>Calls block. Interrupting the calling thread cancels promptly, leaves the store valid and
 * keeps the interrupt flag. Values are immutable. Nothing here reads the environment, system
 * properties or the user's home directory, prints, or ends the process: whatever is ambient must be
 * handed over by name.
 */
@NullMarked
package cloud.sealer.sdk;

import org.jspecify.annotations.NullMarked;
