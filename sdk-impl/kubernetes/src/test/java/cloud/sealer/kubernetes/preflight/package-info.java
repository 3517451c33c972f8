/** Tests of the checks, on facts that are made up. */
@NullMarked
package cloud.sealer.kubernetes.preflight;

import org.jspecify.annotations.NullMarked;
