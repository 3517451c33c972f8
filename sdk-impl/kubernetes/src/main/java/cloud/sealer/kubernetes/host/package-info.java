/** Commands on hosts that must succeed, and the texts they are made of. */
@NullMarked
package cloud.sealer.kubernetes.host;

import org.jspecify.annotations.NullMarked;
