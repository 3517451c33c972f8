/**
 * Files of the rootfs and of hosts, as functions from text to text.
 *
 * <p>Of the rootfs: {@link cloud.sealer.kubernetes.rootfs.ConfigFiles} changes files as a
 * Clusterfile says, {@link cloud.sealer.kubernetes.rootfs.HostTemplates} renders those that differ
 * from host to host, {@link cloud.sealer.kubernetes.rootfs.Metadata} and {@link
 * cloud.sealer.kubernetes.rootfs.RegistrySettings} are read.
 *
 * <p>Of hosts, which belong to others too: {@link cloud.sealer.kubernetes.rootfs.DaemonJson},
 * {@link cloud.sealer.kubernetes.rootfs.HostsFile} and {@link
 * cloud.sealer.kubernetes.rootfs.Kubeconfig} add what is ours and take it away again. They keep
 * everything else, and doing so twice changes nothing more.
 */
@NullMarked
package cloud.sealer.kubernetes.rootfs;

import org.jspecify.annotations.NullMarked;
