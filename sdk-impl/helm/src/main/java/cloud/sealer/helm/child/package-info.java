/**
 * What runs in the child process: the Helm engine and the little around it. Start with {@link
 * cloud.sealer.helm.child.ChildMain}.
 *
 * <p>Uses nothing but the JDK and helm-java, because nothing else is on the class path of the
 * child.
 */
@NullMarked
package cloud.sealer.helm.child;

import org.jspecify.annotations.NullMarked;
