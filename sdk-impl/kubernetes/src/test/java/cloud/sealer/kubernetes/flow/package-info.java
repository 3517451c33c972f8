/** Tests of the engine, on hosts that are directories of this machine with real shells. */
@NullMarked
package cloud.sealer.kubernetes.flow;

import org.jspecify.annotations.NullMarked;
