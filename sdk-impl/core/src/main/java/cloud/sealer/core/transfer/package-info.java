/** Moving many blobs at once: bounded, cancelled together, and continued where they broke. */
@NullMarked
package cloud.sealer.core.transfer;

import org.jspecify.annotations.NullMarked;
