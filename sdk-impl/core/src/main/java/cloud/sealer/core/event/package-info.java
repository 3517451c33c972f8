/**
 * Progress: the tree of {@linkplain cloud.sealer.sdk.spi.Task tasks} of one call, and the delivery
 * of its events.
 *
 * <p>Events go through a bounded queue to one thread of the call, so a listener hears them one at a
 * time and a slow one costs the work nothing but, at worst, the pauses between two lines of output.
 * When the queue is full, progress figures are dropped (the next one makes up for them, since
 * counters are absolute) and everything else waits.
 */
@NullMarked
package cloud.sealer.core.event;

import org.jspecify.annotations.NullMarked;
