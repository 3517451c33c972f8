/**
 * How a cluster comes to be, changes and goes: the order of all steps. {@link
 * cloud.sealer.kubernetes.cluster.ClusterWorkflow} is the way in, and reads like a table of
 * contents.
 *
 * <p>There is no difference between making a cluster and changing it. The steps of the whole
 * cluster are listed each time, and those that hold already are left out by the engine: so a run
 * that was cut short goes on, hosts that are new in a Clusterfile join, and those that are gone
 * from it leave, in one change. What a host is, initial control plane or one that joined, stands in
 * its record, not in its place in the Clusterfile, so no order of hosts can make a second cluster.
 *
 * <p>A newer image of Kubernetes upgrades the nodes one by one. Commands of an image are executed
 * when they are new or differ, so that {@code helm install} is not repeated by an upgrade; those of
 * an image without Kubernetes, an application, are executed again with every new image.
 */
@NullMarked
package cloud.sealer.kubernetes.cluster;

import org.jspecify.annotations.NullMarked;
