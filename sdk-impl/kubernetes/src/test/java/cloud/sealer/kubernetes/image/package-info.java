/** Tests of what is read of images. */
@NullMarked
package cloud.sealer.kubernetes.image;

import org.jspecify.annotations.NullMarked;
