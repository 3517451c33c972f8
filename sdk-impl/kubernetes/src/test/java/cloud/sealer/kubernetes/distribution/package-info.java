/** Tests of the distribution, to directories of this machine. */
@NullMarked
package cloud.sealer.kubernetes.distribution;

import org.jspecify.annotations.NullMarked;
