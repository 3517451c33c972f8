package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.script.HostEnvironment;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;

/** A script on one host: in its rootfs, where there is one, with the host's variables. */
final class ShellPlugin extends PluginStep {
  private static final Duration TIMEOUT = Duration.ofMinutes(60);

  ShellPlugin(PluginSpec plugin, Phase phase, Host host) {
    super(plugin, phase, host);
  }

  @Override
  public String fingerprint() {
    return super.fingerprint() + "\n" + HostEnvironment.fingerprint(host());
  }

  @Override
  void execute(StepContext context) {
    context.exec(command(plugin(), phase(), host(), context.paths()));
  }

  static HostCommand command(PluginSpec plugin, Phase phase, Host host, HostPaths paths) {
    HostCommand.Builder command =
        HostEnvironment.on(HostCommand.builder(plugin.data()), host)
            .title("plugin " + plugin.name())
            .timeout(TIMEOUT);
    return phase == Phase.ORIGINALLY ? command.build() : command.directory(paths.rootfs()).build();
  }
}
