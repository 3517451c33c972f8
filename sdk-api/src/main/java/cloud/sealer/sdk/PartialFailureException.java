package cloud.sealer.sdk;

import java.util.List;

/**
 * Work on several hosts of which some failed. Has {@link ErrorCode#PARTIAL_FAILURE}, and the result
 * of every host.
 */
public final class PartialFailureException extends SealerException {
  private static final long serialVersionUID = 1L;

  private final transient List<HostResult> results;

  /**
   * An exception with results.
   *
   * @param builder message, remedy and cause
   * @param results the result of every host
   */
  public PartialFailureException(Builder builder, List<HostResult> results) {
    super(builder);
    this.results = List.copyOf(results);
  }

  /**
   * The result of every host.
   *
   * @return the results, in the order of the spec
   */
  public List<HostResult> results() {
    return results == null ? List.of() : results;
  }
}
