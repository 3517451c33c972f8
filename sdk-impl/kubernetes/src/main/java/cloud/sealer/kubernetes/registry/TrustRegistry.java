package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lets a host find the registry by its name, and trust it under all its names. */
final class TrustRegistry extends HostStep {
  private static final String CERTIFICATES = "/etc/docker/certs.d/";

  private final ClusterRegistry registry;

  TrustRegistry(HostView view, ClusterRegistry registry) {
    super("trust the registry", view.host());
    this.registry = registry;
  }

  private String hostsLine() {
    return registry.address() + " " + registry.settings().domain();
  }

  private List<String> directories() {
    List<String> names = new ArrayList<>(List.of(registry.settings().authority()));
    names.addAll(registry.names());
    return names.stream().map(name -> CERTIFICATES + name).toList();
  }

  @Override
  public String fingerprint() {
    return hostsLine() + "\n" + String.join("\n", directories());
  }

  @Override
  public String probe() {
    return "grep -qxF "
        + ShellText.quote(hostsLine())
        + " /etc/hosts && "
        + directories().stream()
            .map(directory -> "test -s " + ShellText.quote(directory + "/ca.crt"))
            .collect(Collectors.joining(" && "));
  }

  @Override
  public void run(StepContext context) {
    context.journal().block("/etc/hosts", "registry", List.of(hostsLine()));
    String authority =
        RegistryCertificate.download(
            context.session(registry.hostAddress()),
            RegistryCertificate.authorityFile(context.paths()));
    for (String directory : directories()) {
      context
          .journal()
          .undo(
              "directory " + directory,
              "rmdir -p " + ShellText.quote(directory) + " 2>/dev/null || true");
      context.journal().write(directory + "/ca.crt", 0644, authority);
    }
  }
}
