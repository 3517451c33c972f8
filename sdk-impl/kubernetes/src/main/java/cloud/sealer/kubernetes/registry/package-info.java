/**
 * The registry of a cluster: a stock distribution server on the {@code registry/} tree of the
 * image, and container engines that pull from it without being patched.
 *
 * <p>The tree holds repositories without the name of the registry they come from. Three ways lead
 * there, all of them stock settings:
 *
 * <ul>
 *   <li>by the registry's own name, such as {@code sea.hub:5000/pause:3.2}, which is an entry of
 *       {@code /etc/hosts}, and trusted through {@code certs.d};
 *   <li>images of docker.io through {@code registry-mirrors} of {@code daemon.json}, the only
 *       mirrors that docker has;
 *   <li>images of other registries, such as {@code quay.io}, by their own names: a Service of the
 *       cluster takes the port of such a registry to the cluster's, {@code /etc/hosts} has the name
 *       with the address of that Service, and the certificate is good for the name too. So pull
 *       policies, digests and new nodes work as they do with a network.
 * </ul>
 *
 * <p>Pulling everything on each node beforehand and tagging it was the other choice for the last
 * kind. It stores all images on all nodes, and neither pull policy {@code Always} nor references by
 * digest work. A port 443 of the registry's own would take it from the ingress of whoever runs it
 * on that host; a Service takes no port of any host. Only the registries that the image has images
 * of are stood in for.
 */
@NullMarked
package cloud.sealer.kubernetes.registry;

import org.jspecify.annotations.NullMarked;
