/**
 * The program {@code sealer}.
 *
 * <p>{@link cloud.sealer.cli.Main} is the entry; each command is a class. A program, unlike the
 * library, may read the environment: {@link cloud.sealer.cli.Settings} is the one place that does.
 */
@NullMarked
package cloud.sealer.cli;

import org.jspecify.annotations.NullMarked;
