package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.spi.HostCommand;

/** Names a host. */
final class HostnamePlugin extends PluginStep {
  private static final String FILE = "/etc/hostname";

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

  // Written in place: in a container the file is a mount, and no rename replaces it.
  @Override
  void execute(StepContext context) {
    String before = context.exec(HostCommand.of("hostname")).strip();
    String file = context.exec(HostCommand.of("if [ -e " + FILE + " ]; then cat " + FILE + "; fi"));
    context.journal().undo("name of the host", name(before, file));
    context.exec(
        HostCommand.builder(name(hostname, hostname + "\n"))
            .title("name the host " + hostname)
            .build());
  }

  private static String name(String hostname, String file) {
    return "hostname "
        + ShellText.quote(hostname)
        + (file.isEmpty()
            ? " && rm -f " + FILE
            : " && printf %s " + ShellText.quote(file) + " >" + FILE);
  }
}
