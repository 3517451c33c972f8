package cloud.sealer.cli;

import cloud.sealer.sdk.Images;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer verify}. */
@Command(name = "verify", description = "Check every blob of an image.", sortOptions = false)
final class VerifyCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name or digest of an image.")
  private String name;

  @SuppressWarnings("NullAway.Init")
  VerifyCommand() {}

  @Override
  public Integer call() {
    Images.VerifyReport report =
        common.with((sealer, listener) -> sealer.images().verify(name, listener));
    report.problems().forEach(problem -> common.err().println("sealer: " + problem));
    if (!report.ok()) {
      return 1;
    }
    common.out().println(report.blobs() + " blobs hold, " + Progress.bytes(report.bytes()));
    return 0;
  }
}
