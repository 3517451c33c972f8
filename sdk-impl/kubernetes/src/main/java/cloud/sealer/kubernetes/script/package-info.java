/**
 * Shell texts of images and users on hosts: {@code init.sh}, the commands of an image, and the
 * environment that all of them see.
 */
@NullMarked
package cloud.sealer.kubernetes.script;

import org.jspecify.annotations.NullMarked;
