package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
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
  ClusterChange change(ClusterWork work) {
    return new ClusterChange.Apply(work.read(file));
  }
}
