package cloud.sealer.kubernetes.script;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.Map;

/** The variables of a host, for its scripts: exported, whatever characters their values have. */
public final class HostEnvironment {
  private HostEnvironment() {}

  /**
   * Sets the variables. Those whose name no shell can have are for templates only.
   *
   * @param command the command that will see them
   * @param host whose they are
   * @return the command
   */
  public static HostCommand.Builder on(HostCommand.Builder command, Host host) {
    ShellText.environment(ShellText.variables(host, Map.of())).forEach(command::environment);
    return command;
  }

  /** A text that differs when the variables do. */
  public static String fingerprint(Host host) {
    return host.env().toString();
  }
}
