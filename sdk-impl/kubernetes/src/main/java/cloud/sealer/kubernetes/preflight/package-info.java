/**
 * Whether hosts are fit for a cluster, found out on all of them at once before anything changes.
 */
@NullMarked
package cloud.sealer.kubernetes.preflight;

import org.jspecify.annotations.NullMarked;
