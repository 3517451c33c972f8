package cloud.sealer.core.machines;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import java.util.List;
import java.util.stream.Collectors;

/** What could not be removed, as an exception: what may cost money must not end in a log. */
public final class Leftovers {
  private Leftovers() {}

  /**
   * The exception for leftovers.
   *
   * @param owner whose they are
   * @param left what is left, at least one
   */
  public static SealerException of(String owner, List<Leftover> left) {
    boolean cost = left.stream().anyMatch(Leftover::cost);
    return SealerException.builder(
            ErrorCode.MACHINES_LEFT,
            left.size()
                + " resources of "
                + owner
                + " could not be removed"
                + (cost ? ", and go on costing money" : "")
                + ":\n  "
                + left.stream()
                    .map(each -> each.resource() + ": " + each.reason())
                    .collect(Collectors.joining("\n  ")))
        .remedy(
            "mend the cause and prune the machines (sealer prune --machines), or remove them by"
                + " hand")
        .retryable(true)
        .detail("owner", owner)
        .detail(
            "left",
            left.stream().map(each -> each.resource().toString()).collect(Collectors.joining(", ")))
        .build();
  }
}
