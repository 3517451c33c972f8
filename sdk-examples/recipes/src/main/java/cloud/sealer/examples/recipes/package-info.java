/**
 * One small runnable file per use of the SDK. Each can be copied as it stands: it needs {@code
 * cloud.sealer.sdk}, the JDK and, in place of a real registry, the testkit's embedded one.
 *
 * <p>Every {@code main} takes one argument, the directory of a store; it is made when missing.
 * {@code BuildInJUnitIT}, beside the tests of this module, shows the testkit's JUnit extension.
 */
@NullMarked
package cloud.sealer.examples.recipes;

import org.jspecify.annotations.NullMarked;
