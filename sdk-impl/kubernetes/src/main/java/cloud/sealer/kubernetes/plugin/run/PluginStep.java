package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.SealerException;

/** One plugin in one phase. It is executed again when its document changes. */
abstract class PluginStep extends HostStep {
  private final PluginSpec plugin;
  private final Phase phase;

  PluginStep(PluginSpec plugin, Phase phase, Host host) {
    super("plugin " + plugin.name() + " in " + phase.text(), host);
    this.plugin = plugin;
    this.phase = phase;
  }

  final PluginSpec plugin() {
    return plugin;
  }

  final Phase phase() {
    return phase;
  }

  /** What is about to be removed has no need of a record. */
  @Override
  public final boolean recorded() {
    return phase != Phase.PRE_CLEAN && phase != Phase.POST_CLEAN;
  }

  @Override
  public String fingerprint() {
    return String.join("\n", plugin.type(), plugin.on(), plugin.data());
  }

  @Override
  public final void run(StepContext context) {
    try {
      execute(context);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.COMMAND_FAILED) {
        throw e;
      }
      throw SealerException.builder(
              ErrorCode.PLUGIN_FAILED, "plugin " + plugin.name() + ": " + e.getMessage())
          .remedy("mend the plugin and run again: what is done already stays done")
          .detail("plugin", plugin.name())
          .detail("host", host().address())
          .cause(e)
          .build();
    }
  }

  abstract void execute(StepContext context);
}
