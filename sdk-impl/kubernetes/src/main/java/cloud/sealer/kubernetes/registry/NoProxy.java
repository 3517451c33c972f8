package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps docker and containerd of a host that use a proxy from asking the proxy for what is in the
 * cluster: the registry under all its names, the nodes, and the networks of pods and services. What
 * was excepted before stays. A service without a proxy is left as it is.
 */
final class NoProxy extends HostStep {
  private static final List<String> SERVICES = List.of("docker", "containerd");

  private final List<String> exceptions;
  private final List<String> registryNames;

  /**
   * The step.
   *
   * @param view the host
   * @param registry the cluster's registry
   * @param inside addresses of nodes, and networks in the cluster
   */
  NoProxy(HostView view, ClusterRegistry registry, List<String> inside) {
    super("no proxy for the cluster", view.host());
    this.registryNames = registry.certificateNames();
    Set<String> all = new TreeSet<>(inside);
    all.addAll(registryNames);
    all.addAll(List.of("localhost", "127.0.0.1", ".cluster.local", ".svc"));
    this.exceptions = List.copyOf(all);
  }

  @Override
  public String fingerprint() {
    return String.join("\n", exceptions);
  }

  @Override
  public void run(StepContext context) {
    SERVICES.forEach(service -> except(service, context));
  }

  private void except(String service, StepContext context) {
    String environment =
        Commands.exec(
            context.session(),
            HostCommand.builder(
                    "systemctl show --property=Environment " + service + " 2>/dev/null || true")
                .title("look for a proxy of " + service)
                .build());
    if (!hasProxy(environment)) {
      return;
    }
    String directory = "/etc/systemd/system/" + service + ".service.d";
    context
        .journal()
        .undo(
            service + " without exceptions from its proxy",
            "if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi");
    context
        .journal()
        .undo("directory " + service + ".service.d", "rmdir " + directory + " 2>/dev/null || true");
    context.journal().write(directory + "/sealer-no-proxy.conf", 0644, unit(environment));
    // A restart of docker stops containers, so it is made for the registry, not for each node that
    // joins.
    boolean knows = registryNames.stream().allMatch(environment::contains);
    context.exec(
        HostCommand.builder(
                "systemctl daemon-reload" + (knows ? "" : " && systemctl restart " + service))
            .title(knows ? "reload systemd" : "restart " + service)
            .build());
  }

  private static boolean hasProxy(String environment) {
    String upper = environment.toUpperCase(Locale.ROOT);
    return upper.contains("HTTP_PROXY=") || upper.contains("HTTPS_PROXY=");
  }

  /** A drop-in that sets what was excepted before and what is ours. */
  String unit(String environment) {
    Set<String> all = new LinkedHashSet<>();
    for (String word : environment.replace("Environment=", "").strip().split("\\s+", -1)) {
      String plain = word.replace("\"", "");
      int equals = plain.indexOf('=');
      if (equals > 0 && plain.substring(0, equals).equalsIgnoreCase("NO_PROXY")) {
        all.addAll(List.of(plain.substring(equals + 1).split(",", -1)));
      }
    }
    all.removeIf(String::isBlank);
    all.addAll(exceptions);
    String list = String.join(",", new ArrayList<>(all)).replace("%", "%%");
    return "[Service]\nEnvironment=\"NO_PROXY=" + list + "\" \"no_proxy=" + list + "\"\n";
  }
}
