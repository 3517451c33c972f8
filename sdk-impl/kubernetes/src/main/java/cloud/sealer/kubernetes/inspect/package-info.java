/**
 * What a running cluster runs, for builds that look at one: {@link
 * cloud.sealer.kubernetes.inspect.KubectlInspector}.
 *
 * <p>Decisions a newcomer may question:
 *
 * <ul>
 *   <li>{@code kubectl} prints lines by a template instead of JSON: a big cluster has hundreds of
 *       megabytes of pods, of which a few lines each are wanted.
 *   <li>Workloads count as at rest when nothing has changed for a while, not when all pods run for
 *       the first time: an operator that has just started has made nothing yet.
 *   <li>A pod whose container crashes again and again has the phase Running; it is not at rest.
 *   <li>The templates of workloads are read too: a job that waits for its hour has no pod.
 * </ul>
 */
@NullMarked
package cloud.sealer.kubernetes.inspect;

import org.jspecify.annotations.NullMarked;
