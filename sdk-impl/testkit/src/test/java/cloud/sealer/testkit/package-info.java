/** Tests of the testkit. */
@NullMarked
package cloud.sealer.testkit;

import org.jspecify.annotations.NullMarked;
