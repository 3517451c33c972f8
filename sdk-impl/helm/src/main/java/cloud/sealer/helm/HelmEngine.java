package cloud.sealer.helm;

import java.time.Duration;
import java.util.List;

/** A way to run {@code helm template}. Not thread-safe. */
interface HelmEngine extends AutoCloseable {
  /**
   * Renders a chart with hooks, tests and CRDs.
   *
   * @return what Helm prints: documents that each begin with a comment which names their template
   * @throws RefusedException if Helm cannot render the chart
   * @throws cloud.sealer.sdk.SealerException if Helm cannot be run
   */
  String template(Job job) throws RefusedException;

  /** Ends its processes and removes its files. */
  @Override
  void close();

  /**
   * A chart to render.
   *
   * @param label what messages call it
   * @param files its files
   * @param values the text of a values file; empty for none
   * @param kubernetesVersion the version templates see; empty for the engine's own
   * @param apiVersions what the cluster has beside the built-in API versions
   * @param timeout how long it may take
   */
  record Job(
      String label,
      List<ChartFile> files,
      String values,
      String kubernetesVersion,
      List<String> apiVersions,
      Duration timeout) {}

  /** Helm looked at the chart and says what is wrong with it. Never leaves the package. */
  final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }
}
