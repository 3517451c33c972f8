package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.spi.HostCommand;

/** Names a host. */
final class HostnamePlugin extends PluginStep {
  private final String hostname;

  HostnamePlugin(PluginSpec plugin, Phase phase, Host host, String hostname) {
    super(plugin, phase, host);
    this.hostname = hostname;
  }

  @Override
  public String fingerprint() {
    return hostname;
  }

  @Override
  public String probe() {
    return "test \"$(hostname)\" = " + ShellText.quote(hostname);
  }

  @Override
  void execute(StepContext context) {
    String before = context.exec(HostCommand.of("hostname")).strip();
    context.journal().undo("name of the host", "hostname " + ShellText.quote(before));
    context.journal().write("/etc/hostname", 0644, hostname + "\n");
    context.exec(HostCommand.of("hostname " + ShellText.quote(hostname)));
  }
}
