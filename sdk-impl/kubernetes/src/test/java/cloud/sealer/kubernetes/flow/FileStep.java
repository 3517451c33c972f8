package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostCommand;
import java.util.function.Consumer;

/**
 * A step that writes a file of the host, and may do more.
 *
 * @param name its name, and that of the file
 * @param host its host
 * @param file the file
 * @param text what the file gets
 * @param more what is done after the file is written
 */
record FileStep(String name, Host host, String file, String text, Consumer<StepContext> more)
    implements Step {
  @Override
  public String fingerprint() {
    return text;
  }

  @Override
  public String probe() {
    return "test -e " + ShellText.quote(file);
  }

  @Override
  public void run(StepContext context) {
    context.journal().write(file, 0644, text);
    context.exec(HostCommand.of("echo working on " + ShellText.quote(name)));
    more.accept(context);
  }
}
