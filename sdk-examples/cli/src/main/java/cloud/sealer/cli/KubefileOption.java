package cloud.sealer.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option that names the Kubefile. */
final class KubefileOption {
  @Option(
      names = {"-f", "--kubefile", "--file"},
      paramLabel = "FILE",
      description = "The Kubefile; by default the one in the context.")
  private @Nullable Path file;

  boolean isGiven() {
    return file != null;
  }

  /** The Kubefile and the context. */
  Source find(CommandLine command, String context) {
    return Source.find(command, context, file);
  }
}
