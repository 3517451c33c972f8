@NullMarked
package cloud.sealer.kubernetes.registry;

import org.jspecify.annotations.NullMarked;
