/**
 * Kubernetes on hosts: kubeadm's init and join, how hosts find the API server, and taking a host
 * out again.
 *
 * <p>kubeadm makes the certificates and keeps its own order; what is ours is the way there. Nothing
 * it prints is read: tokens are made here, and joining hosts get them, with the authority to trust,
 * in a file that only root reads and that is gone when they have joined. Control planes share the
 * keys of their authorities over the sessions that are open anyway, so none of them lies in the API
 * server.
 *
 * <p>Start with {@link cloud.sealer.kubernetes.runtime.KubeadmInit} and {@link
 * cloud.sealer.kubernetes.runtime.KubeadmJoin}; {@link cloud.sealer.kubernetes.runtime.ApiEndpoint}
 * says how the API server is found.
 */
@NullMarked
package cloud.sealer.kubernetes.runtime;

import org.jspecify.annotations.NullMarked;
