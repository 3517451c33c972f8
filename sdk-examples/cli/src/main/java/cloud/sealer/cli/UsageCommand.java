package cloud.sealer.cli;

import cloud.sealer.sdk.StoreUsage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code sealer usage}. */
@Command(
    name = "usage",
    description = "Show how much of the disk each image and the store take.",
    sortOptions = false)
final class UsageCommand implements Callable<Integer> {
  @Mixin private Common common;
  @Mixin private JsonOption json;

  @SuppressWarnings("NullAway.Init")
  UsageCommand() {}

  @Override
  public Integer call() {
    StoreUsage usage = common.with((sealer, listener) -> sealer.images().usage());
    if (json.print(common.out(), ShippingJson.usage(usage))) {
      return 0;
    }
    String row = "%-50s %12s %12s%n";
    common.out().printf(row, "NAME", "OWN", "SHARED");
    for (StoreUsage.ImageUsage image : usage.images()) {
      common
          .out()
          .printf(
              row,
              image.reference().familiar(common.names()),
              Progress.bytes(image.own()),
              Progress.bytes(image.shared()));
    }
    common
        .out()
        .printf(
            "store: %s, of which prune frees %s%n",
            Progress.bytes(usage.bytes()), Progress.bytes(usage.reclaimable().bytes()));
    return 0;
  }
}
