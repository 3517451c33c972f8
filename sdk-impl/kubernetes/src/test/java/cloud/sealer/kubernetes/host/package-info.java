/** Hosts for tests: directories of this machine, with real shells. */
@NullMarked
package cloud.sealer.kubernetes.host;

import org.jspecify.annotations.NullMarked;
