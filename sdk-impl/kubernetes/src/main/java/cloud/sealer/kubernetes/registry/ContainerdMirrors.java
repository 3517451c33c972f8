package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.rootfs.ContainerdConfig;
import cloud.sealer.kubernetes.rootfs.HostsToml;
import cloud.sealer.kubernetes.runtime.HostRuntime;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;

/**
 * Lets containerd find the images of all registries in the cluster's, under their own names: by a
 * {@code hosts.toml} for each, and the setting that makes it look for them. Settings of the host
 * stay. A host whose kubelet works with docker is left as it is.
 */
final class ContainerdMirrors extends HostStep {
  private static final String CONFIG = "/etc/containerd/config.toml";
  private static final String DOCKER = "docker.io";

  private final ClusterRegistry registry;

  ContainerdMirrors(HostView view, ClusterRegistry registry) {
    super("registries of containerd", view.host());
    this.registry = registry;
  }

  @Override
  public String fingerprint() {
    return registry.loginFingerprint(DOCKER);
  }

  @Override
  public void run(StepContext context) {
    if (!HostRuntime.of(context.session()).isContainerd()) {
      return;
    }
    String config = read(context, CONFIG);
    ContainerdConfig.Merged merged = ContainerdConfig.merge(config);
    String authority = merged.directory() + "/" + registry.settings().authority() + "/ca.crt";
    for (String name : registry.allNames(DOCKER)) {
      String directory = merged.directory() + "/" + name;
      String file = directory + "/hosts.toml";
      context
          .journal()
          .undo(
              "directory " + directory,
              "rmdir -p " + ShellText.quote(directory) + " 2>/dev/null || true");
      context
          .journal()
          .write(
              file,
              0600,
              HostsToml.merge(read(context, file), name, registry.settings(), authority));
    }
    context
        .journal()
        .write(
            authority,
            0644,
            RegistryCertificate.download(
                context.session(registry.hostAddress()),
                RegistryCertificate.authorityFile(context.paths())));
    if (!merged.text().equals(config)) {
      restart(context, merged.text());
    }
  }

  private static void restart(StepContext context, String config) {
    String restart = "if [ -d /run/systemd/system ]; then systemctl restart containerd; fi";
    context.journal().undo("containerd with settings for registries", restart);
    context.journal().write(CONFIG, 0644, config);
    context.exec(HostCommand.builder(restart).title("restart containerd").build());
  }

  private static String read(StepContext context, String path) {
    return Commands.exec(
        context.session(),
        HostCommand.builder("if [ -f \"$FILE\" ]; then cat \"$FILE\"; fi")
            .title("read " + path)
            .environment("FILE", path)
            .build());
  }
}
