package cloud.sealer.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer tag}. */
@Command(name = "tag", description = "Give an image another name.", sortOptions = false)
final class TagCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The name or digest of an image.")
  private String source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The new name.")
  private String target;

  @SuppressWarnings("NullAway.Init")
  TagCommand() {}

  @Override
  public Integer call() {
    common.with(
        (sealer, listener) -> {
          sealer.images().tag(source, target);
          return target;
        });
    return 0;
  }
}
