package cloud.sealer.cli;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer lint}. */
@Command(name = "lint", description = "Check a Kubefile without building it.")
final class LintCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      defaultValue = "Kubefile",
      description = "The Kubefile.")
  private Path file;

  @SuppressWarnings("NullAway.Init")
  LintCommand() {}

  @Override
  public Integer call() {
    try {
      Kubefile.parse(file);
      return 0;
    } catch (SealerException e) {
      if (e.diagnostics().isEmpty()) {
        throw e;
      }
      for (Diagnostic diagnostic : e.diagnostics()) {
        common.err().println(diagnostic);
      }
      return 1;
    }
  }
}
