package cloud.sealer.core.machines;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PartialFailureException;
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
            "mend the cause and try again, or prune the machines if nobody needs them (sealer prune"
                + " --machines), or remove them by hand")
        .retryable(true)
        .detail("owner", owner)
        .detail(
            "left",
            left.stream().map(each -> each.resource().toString()).collect(Collectors.joining(", ")))
        .build();
  }

  /** The same failure for those who read only the message: it tells of what is left, too. */
  public static SealerException both(SealerException failure, SealerException left) {
    SealerException.Builder both =
        more(
            failure,
            "Moreover, " + left.getMessage(),
            (failure.remedy() + "; " + left.remedy()).replaceFirst("^; ", ""));
    left.details().forEach(both::detail);
    return build(both, failure);
  }

  /** The same failure with a word about the machines that were made before it happened. */
  static SealerException staying(SealerException failure, String cluster) {
    return build(
        more(
            failure,
            "The machines of the cluster "
                + cluster
                + " stay, and may cost money: apply again to go on with them, or delete the cluster"
                + " to have them removed (sealer delete -c "
                + cluster
                + ").",
            failure.remedy()),
        failure);
  }

  private static SealerException.Builder more(
      SealerException failure, String sentence, String remedy) {
    SealerException.Builder more =
        SealerException.builder(failure.code(), failure.getMessage() + "\n" + sentence)
            .remedy(remedy)
            .cause(failure)
            .retryable(failure.retryable());
    failure.details().forEach(more::detail);
    return more;
  }

  private static SealerException build(SealerException.Builder more, SealerException failure) {
    return failure instanceof PartialFailureException partial
        ? new PartialFailureException(more, partial.results())
        : more.build();
  }
}
