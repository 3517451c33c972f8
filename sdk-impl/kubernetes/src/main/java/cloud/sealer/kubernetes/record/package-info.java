/**
 * What is remembered of clusters: on each host {@linkplain
 * cloud.sealer.kubernetes.record.HostRecord what holds there} and {@linkplain
 * cloud.sealer.kubernetes.record.Journal how to undo it}, and here {@linkplain
 * cloud.sealer.kubernetes.record.ClusterRecords what a cluster was last made to be}.
 *
 * <p>A record is written after the fact, an entry of the journal before it. So what is recorded
 * holds, and what was changed can be undone, whenever a run ends.
 */
@NullMarked
package cloud.sealer.kubernetes.record;

import org.jspecify.annotations.NullMarked;
