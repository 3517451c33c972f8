/** Removing what a build left on disk, whatever its modes. */
@NullMarked
package cloud.sealer.core.files;

import org.jspecify.annotations.NullMarked;
