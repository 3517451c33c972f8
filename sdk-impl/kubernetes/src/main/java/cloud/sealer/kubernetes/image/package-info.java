/** Cluster images as a run sees them: the layers for each platform, and the small files inside. */
@NullMarked
package cloud.sealer.kubernetes.image;

import org.jspecify.annotations.NullMarked;
