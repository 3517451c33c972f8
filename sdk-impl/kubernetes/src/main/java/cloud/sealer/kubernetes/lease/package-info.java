/**
 * Keeps two runs from changing one cluster at once: a {@linkplain
 * cloud.sealer.kubernetes.lease.LocalLease lock} against those that share the directory of records,
 * and {@linkplain cloud.sealer.kubernetes.lease.HostLeases leases on the hosts} against all others.
 */
@NullMarked
package cloud.sealer.kubernetes.lease;

import org.jspecify.annotations.NullMarked;
