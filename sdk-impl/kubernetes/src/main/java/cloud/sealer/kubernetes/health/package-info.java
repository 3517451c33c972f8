/**
 * Whether a cluster that is there is well. {@link cloud.sealer.kubernetes.health.ClusterHealth} is
 * the table of contents. Everything is asked, nothing is changed.
 */
@NullMarked
package cloud.sealer.kubernetes.health;

import org.jspecify.annotations.NullMarked;
