/** Cluster images as a run sees them: the layers for each platform, and the small files inside. */
@NullMarked
package cloud.sealer.kubernetes.rootfs;

import org.jspecify.annotations.NullMarked;
