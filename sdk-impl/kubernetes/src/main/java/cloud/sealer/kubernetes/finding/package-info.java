/**
 * The mistakes of a text that a user wrote, collected so that all are told at once.
 *
 * <p>Start with {@link cloud.sealer.kubernetes.finding.Findings}; {@link
 * cloud.sealer.kubernetes.finding.Section} reads a mapping field by field into them.
 */
@NullMarked
package cloud.sealer.kubernetes.finding;

import org.jspecify.annotations.NullMarked;
