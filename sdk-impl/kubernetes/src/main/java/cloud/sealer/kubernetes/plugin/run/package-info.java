/**
 * Plugins at work: {@link cloud.sealer.kubernetes.plugin.run.PluginSteps} makes steps of them for
 * each phase of a run.
 */
@NullMarked
package cloud.sealer.kubernetes.plugin.run;

import org.jspecify.annotations.NullMarked;
