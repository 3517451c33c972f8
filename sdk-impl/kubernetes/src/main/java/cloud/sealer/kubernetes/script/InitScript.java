package cloud.sealer.kubernetes.script;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;
import java.util.List;

/**
 * {@code scripts/init.sh} of the rootfs, which makes a host ready to become a node. Its arguments
 * are the data folder of docker, and the name and port of the registry.
 *
 * <p>Where docker is there before, with settings of its own, those are kept: the script finds them
 * and the image's in one file, {@code etc/daemon.merged.json}.
 */
public final class InitScript extends HostStep {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final String STORAGE = "/var/lib/docker";

  /** Where network plugins of pods write to, which may be there before. */
  private static final List<String> SHARED = List.of("/etc/cni/net.d", "/opt/cni/bin");

  private final RegistrySettings registry;

  /**
   * The step.
   *
   * @param view the host
   * @param registry the cluster's registry
   */
  public InitScript(HostView view, RegistrySettings registry) {
    super("init.sh", view.host());
    this.registry = registry;
  }

  @Override
  public String fingerprint() {
    return String.join("\n", STORAGE, registry.authority(), HostEnvironment.fingerprint(host()));
  }

  @Override
  public String probe() {
    return "command -v kubeadm && command -v kubelet";
  }

  @Override
  public void run(StepContext context) {
    String rootfs = context.paths().rootfs();
    for (String directory : SHARED) {
      // What is above them, such as an empty /opt, is not ours.
      String above = directory.substring(0, directory.lastIndexOf('/'));
      context
          .journal()
          .undo(
              "directory " + directory,
              "rmdir " + directory + " " + above + " 2>/dev/null || true");
      context.journal().file(directory);
    }
    context
        .journal()
        .undo(
            "init.sh",
            "if [ -f "
                + rootfs
                + "/scripts/clean.sh ]; then cd "
                + rootfs
                + "/scripts && bash clean.sh; fi");
    DaemonSettings.merge(context, registry);
    context.exec(
        HostEnvironment.on(
                HostCommand.builder(
                    "chmod -R a+x . && bash init.sh "
                        + STORAGE
                        + " "
                        + registry.domain()
                        + " "
                        + registry.port()),
                host())
            .title("init.sh")
            .directory(rootfs + "/scripts")
            .timeout(TIMEOUT)
            .build());
  }
}
