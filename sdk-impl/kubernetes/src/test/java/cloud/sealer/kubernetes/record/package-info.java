/** Tests of records and of the undo journal. */
@NullMarked
package cloud.sealer.kubernetes.record;

import org.jspecify.annotations.NullMarked;
