/**
 * The configuration of kubeadm, made of what everyone who has a say in it wants.
 *
 * <p>Start with {@link cloud.sealer.kubernetes.kubeadm.KubeadmConfig}. From strong to weak: what
 * the run itself knows (addresses, endpoint, version, cgroup driver), the Clusterfile's documents
 * in their order, the image's {@code etc/kubeadm.yml}, and {@code KubeadmDefaults}. Weaker settings
 * fill what stronger ones left out; a list is taken whole from the strongest that has it, but the
 * names of the API server's certificate are those of all.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>Only what is missing or null is filled. An empty list, an empty text and {@code false} are
 *       settings: {@code taints: []} leaves a control plane without taint.
 *   <li>Each API server talks to the etcd of its own node, as kubeadm does it. A list of all
 *       members in its arguments would be wrong after the first scaling.
 *   <li>Certificates have kubeadm's own lifetimes unless a lifetime is asked for; kubelets rotate
 *       theirs. Metrics of etcd stay on the loopback interface.
 *   <li>Documents of any version of kubeadm's API are accepted and written in the newest that the
 *       Kubernetes version knows: arguments change between mapping and list, and what a version no
 *       longer has is left out.
 * </ul>
 */
@NullMarked
package cloud.sealer.kubernetes.kubeadm;

import org.jspecify.annotations.NullMarked;
