/**
 * The engine: {@link cloud.sealer.kubernetes.flow.DefaultRunner} is the table of contents.
 *
 * <p>A change goes one way: {@linkplain cloud.sealer.kubernetes.flow.Target what is wanted},
 * {@linkplain cloud.sealer.kubernetes.flow.Observer what is there}, {@linkplain
 * cloud.sealer.kubernetes.flow.Planner which steps are left}, {@linkplain
 * cloud.sealer.kubernetes.flow.Execution doing them}. What the steps are is not known here; a
 * {@link cloud.sealer.kubernetes.step.Workflow} says so.
 */
@NullMarked
package cloud.sealer.kubernetes.flow;

import org.jspecify.annotations.NullMarked;
