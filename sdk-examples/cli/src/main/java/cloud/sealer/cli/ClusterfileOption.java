package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterSpec;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that names the Clusterfile. */
final class ClusterfileOption {
  @Option(
      names = {"-f", "--Clusterfile", "--clusterfile"},
      paramLabel = "FILE",
      defaultValue = "Clusterfile",
      description = "The Clusterfile; by default ./Clusterfile.")
  private Path file;

  @SuppressWarnings("NullAway.Init")
  ClusterfileOption() {}

  /** What it wants. */
  ClusterSpec spec(ClusterWork work) {
    return work.read(file);
  }
}
