/** What is said about mistakes in texts that users write, whatever the kind of text. */
@NullMarked
package cloud.sealer.core.finding;

import org.jspecify.annotations.NullMarked;
