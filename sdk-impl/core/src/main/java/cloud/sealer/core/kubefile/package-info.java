/**
 * Reading Kubefiles: from text to {@link cloud.sealer.sdk.Kubefile}, and the variables in it.
 *
 * <p>Start with {@link cloud.sealer.core.kubefile.DefaultKubefileParser}: {@code LineReader} joins
 * physical lines to logical ones, {@code InstructionReader} turns each into an instruction, {@code
 * Findings} collects the mistakes. {@link cloud.sealer.core.kubefile.Variables} replaces variables
 * when an instruction is executed.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>Continued lines are joined as they are, without trimming the next line and without a blank
 *       between; comments (indented ones too) and blank lines in between are dropped. There is no
 *       {@code # escape=} directive: it is a comment.
 *   <li>An {@code ARG} counts from its line on. One before {@code FROM} also counts after it,
 *       unlike in a Dockerfile, since a Kubefile has only one stage. An {@code ARG} without a
 *       default keeps the default of an earlier one of the same name, so that the Dockerfile habit
 *       of repeating it does no harm.
 *   <li>A default is the rest of the line, commas, blanks and quotes included, and is not itself
 *       searched for variables.
 *   <li>Only declared names are replaced; every other {@code $}, each backslash and each quote is
 *       left to the shell. In {@code RUN} and {@code CMD} nothing within single quotes is replaced,
 *       as in a shell; {@code FROM} and {@code COPY} know no quotes.
 *   <li>{@code COPY} reads a JSON array when its value starts with <code>["</code> or stands wholly
 *       in brackets; {@code COPY [ab]*.yaml manifests} is a pattern.
 * </ul>
 */
@NullMarked
package cloud.sealer.core.kubefile;

import org.jspecify.annotations.NullMarked;
