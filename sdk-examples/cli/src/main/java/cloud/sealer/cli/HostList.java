package cloud.sealer.cli;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name hosts. */
final class HostList {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = {"-m", "--masters"},
      paramLabel = "HOSTS",
      description =
          "Hosts of the control plane: addresses and ranges A-B with commas between, each with"
              + " :PORT if need be.")
  private @Nullable String controlPlanes;

  @Option(
      names = {"-n", "--nodes"},
      paramLabel = "HOSTS",
      description = "Workers, in the same form.")
  private @Nullable String workers;

  @SuppressWarnings("NullAway.Init")
  HostList() {}

  boolean isEmpty() {
    return controlPlanes == null && workers == null;
  }

  boolean hasControlPlanes() {
    return controlPlanes != null;
  }

  List<HostGroup> groups() {
    List<HostGroup> groups = new ArrayList<>();
    add(groups, "-m", controlPlanes, Host.CONTROL_PLANE);
    add(groups, "-n", workers, Host.WORKER);
    return groups;
  }

  /** All of them, whatever their role. */
  List<HostAddress> addresses() {
    return groups().stream().flatMap(group -> group.addresses().stream()).toList();
  }

  private void add(List<HostGroup> groups, String option, @Nullable String text, String role) {
    if (text == null) {
      return;
    }
    try {
      groups.add(HostGroup.of(HostAddress.parseList(text), role));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
    }
  }
}
