@NullMarked
package cloud.sealer.kubernetes.health;

import org.jspecify.annotations.NullMarked;
