package cloud.sealer.cli;

import cloud.sealer.sdk.Images;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sealer prune}. */
@Command(name = "prune", description = "Delete what no image needs.", sortOptions = false)
final class PruneCommand implements Callable<Integer> {
  @Mixin private Common common;

  @SuppressWarnings("NullAway.Init")
  PruneCommand() {}

  @Override
  public Integer call() {
    Images.PruneResult result = common.with((sealer, listener) -> sealer.images().prune());
    common
        .out()
        .println(result.blobs() + " blobs deleted, " + Progress.bytes(result.bytes()) + " freed");
    return 0;
  }
}
