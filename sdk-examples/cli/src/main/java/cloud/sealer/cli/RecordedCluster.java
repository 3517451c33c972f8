package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Runner;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that name a cluster which may be there already: itself, or its Clusterfile. */
final class RecordedCluster {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Mixin private ClusterName name;

  @Option(
      names = {"-f", "--Clusterfile", "--clusterfile"},
      paramLabel = "FILE",
      description = "The Clusterfile of the cluster.")
  private @Nullable Path file;

  @SuppressWarnings("NullAway.Init")
  RecordedCluster() {}

  /** Whether one of both is given. */
  boolean isGiven() {
    return file != null || name.given() != null;
  }

  /** The name, if it is given by itself. */
  @Nullable String givenName() {
    return name.given();
  }

  /** What the Clusterfile says, if one is given. */
  Optional<ClusterSpec> clusterfile(ClusterWork work) {
    return Optional.ofNullable(file).map(work::read);
  }

  /** The name; that of the only cluster that is recorded, if none is given. */
  String name(ClusterWork work, Runner runner) {
    Optional<ClusterSpec> read = clusterfile(work);
    if (read.isEmpty()) {
      return name.of(runner);
    }
    String ofFile = read.get().name();
    String given = name.given();
    if (given != null && !given.equals(ofFile)) {
      throw new ParameterException(
          spec.commandLine(), "-c says " + given + " but " + file + " is of " + ofFile);
    }
    return ofFile;
  }
}
