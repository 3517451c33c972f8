package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import java.util.List;
import java.util.stream.Collectors;

/** The name of the API server in {@code /etc/hosts}. */
public final class ApiAddress extends HostStep {
  private static final String FILE = "/etc/hosts";

  private final List<String> lines;

  /**
   * The step.
   *
   * @param view the host
   * @param balancer the address of its load balancer; empty for none
   * @param controlPlanes the control plane, the initial one first
   */
  public ApiAddress(HostView view, String balancer, List<HostView> controlPlanes) {
    super("address of the API server", view.host());
    this.lines = ApiEndpoint.hostsLines(view, balancer, controlPlanes);
  }

  @Override
  public String fingerprint() {
    return String.join("\n", lines);
  }

  @Override
  public String probe() {
    return lines.stream()
        .map(line -> "grep -qxF " + ShellText.quote(line) + " " + FILE)
        .collect(Collectors.joining(" && "));
  }

  @Override
  public void run(StepContext context) {
    context.journal().block(FILE, "apiserver", lines);
  }
}
