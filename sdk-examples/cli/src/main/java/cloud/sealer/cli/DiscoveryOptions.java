package cloud.sealer.cli;

import cloud.sealer.helm.ChartDiscoverer;
import cloud.sealer.helm.HelmProgramRenderer;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of image discovery. */
final class DiscoveryOptions {
  private static final Duration CHART_LIMIT = Duration.ofMinutes(2);

  @Option(
      names = "--add-image",
      paramLabel = "IMAGE",
      description = "Collect this container image too; may be repeated.")
  private List<String> additions = List.of();

  @Option(
      names = "--exclude-image",
      paramLabel = "PATTERN",
      description = "Leave out container images of that name, * for any text; may be repeated.")
  private List<String> exclusions = List.of();

  @Option(
      names = "--unresolved",
      paramLabel = "ACTION",
      defaultValue = "fail",
      description = "What to do about images that cannot be resolved: fail, warn or accept.")
  private DiscoveryPolicy.Action unresolved = DiscoveryPolicy.Action.FAIL;

  @Option(
      names = "--suspected",
      paramLabel = "ACTION",
      defaultValue = "warn",
      description = "What to do about texts that may be images: fail, warn or accept.")
  private DiscoveryPolicy.Action suspected = DiscoveryPolicy.Action.WARN;

  @Option(
      names = "--helm",
      paramLabel = "PATH",
      description = "Render charts with this helm program, not with the engine that is built in.")
  private @Nullable Path helm;

  /** Sets what finds images. */
  Sealer.Builder applyTo(Sealer.Builder builder, CommandLine command) {
    if (helm == null) {
      return builder;
    }
    HelmProgramRenderer renderer = new HelmProgramRenderer(helm);
    renderer
        .unavailable()
        .ifPresent(
            reason -> {
              throw new ParameterException(command, "--helm: " + reason);
            });
    return builder.imageDiscoverer(new ChartDiscoverer(renderer, CHART_LIMIT));
  }

  /** Whether a program of this machine is asked for. */
  boolean hasProgram() {
    return helm != null;
  }

  DiscoveryPolicy policy(CommandLine command) {
    List<Reference> images = new ArrayList<>();
    for (String image : additions) {
      try {
        images.add(Reference.parse(image));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(command, "--add-image: " + e.getMessage(), e);
      }
    }
    return new DiscoveryPolicy(suspected, unresolved, images, exclusions);
  }
}
