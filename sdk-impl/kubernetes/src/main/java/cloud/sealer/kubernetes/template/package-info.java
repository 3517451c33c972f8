/**
 * Go templates with variables of the cluster: {@link cloud.sealer.kubernetes.template.Templates}
 * renders them, with the engine that is found, after checking that every variable they need is set.
 *
 * <p>The engine gives the empty text for a variable that is not set, which ends as a broken file on
 * some host. So a template that uses one is refused, unless it says itself what to do without: a
 * variable that it tests with {@code if} or {@code with}, or hands to {@code default} and the like,
 * may be missing.
 */
@NullMarked
package cloud.sealer.kubernetes.template;

import org.jspecify.annotations.NullMarked;
