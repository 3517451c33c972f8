/**
 * What a change of a cluster is made of: {@linkplain cloud.sealer.kubernetes.step.Step steps} in
 * {@linkplain cloud.sealer.kubernetes.step.Stage stages}.
 *
 * <p>A {@link cloud.sealer.kubernetes.step.Workflow} says, from what is wanted and what is there,
 * which steps a change has. The engine finds out which of them hold already, shows the rest as a
 * {@link cloud.sealer.sdk.Plan}, and executes them: check, do, verify, record. A step never asks
 * whether it ran before; it says what its input is and how to see its result.
 */
@NullMarked
package cloud.sealer.kubernetes.step;

import org.jspecify.annotations.NullMarked;
