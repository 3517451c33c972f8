package cloud.sealer.kubernetes.script;

import cloud.sealer.kubernetes.step.HostStep;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;

/** One command of an image, in the rootfs of the initial host of the control plane. */
final class CommandStep extends HostStep {
  private static final Duration TIMEOUT = Duration.ofMinutes(60);

  private final String written;
  private final String text;
  private final String edition;

  /** The step; what is written has no values of arguments yet, which may be secrets. */
  CommandStep(Host host, int number, String written, String text, String edition) {
    super("command " + number + ": " + written, host);
    this.written = written;
    this.text = text;
    this.edition = edition;
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  public String fingerprint() {
    return text + "\n" + edition;
  }

  @Override
  public void run(StepContext context) {
    context.exec(
        HostEnvironment.on(HostCommand.builder("PATH=\"$PWD/bin:$PATH\"\n" + text), host())
            .environment("KUBECONFIG", "/etc/kubernetes/admin.conf")
            .environment("HOME", "/root")
            .title(written)
            .directory(context.paths().rootfs())
            .timeout(TIMEOUT)
            .build());
  }
}
