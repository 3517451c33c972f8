package cloud.sealer.cli;

import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Runner;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that names a kubeconfig to keep a cluster in. */
final class KubeconfigOption {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Keep the cluster's kubeconfig in this file, as a context named after the cluster; the"
              + " others in it stay.")
  private @Nullable Path file;

  @SuppressWarnings("NullAway.Init")
  KubeconfigOption() {}

  /** Adds the cluster, if a file is named. */
  void merge(Runner runner, String cluster, RunOptions options) {
    if (file != null) {
      runner.mergeKubeconfig(cluster, file, options);
    }
  }

  /** Takes the cluster out, if a file is named. */
  void remove(Runner runner, String cluster) {
    if (file != null) {
      runner.removeFromKubeconfig(cluster, file);
    }
  }
}
