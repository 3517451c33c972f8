/** Commands on hosts that must succeed, and work that must come to its end. */
@NullMarked
package cloud.sealer.kubernetes.host;

import org.jspecify.annotations.NullMarked;
