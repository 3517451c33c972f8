package cloud.sealer.sdk;

import java.util.List;

/**
 * What {@link Images#verify} found.
 *
 * @param blobs how many blobs were read
 * @param bytes how many bytes were read
 * @param references every container image that the files and metadata of the image name, for each
 *     of its platforms, in the order of platform and name
 * @param healed one sentence for each thing that was wrong and is not any more; empty unless a
 *     repair was asked for
 * @param problems one sentence for each thing that is wrong; empty if all is well
 */
public record VerifyReport(
    int blobs,
    long bytes,
    List<ReferenceProof> references,
    List<String> healed,
    List<String> problems) {
  /** Copies the lists. */
  public VerifyReport {
    references = List.copyOf(references);
    healed = List.copyOf(healed);
    problems = List.copyOf(problems);
  }

  /**
   * Whether all is well.
   *
   * @return true if there is no problem
   */
  public boolean ok() {
    return problems.isEmpty();
  }
}
