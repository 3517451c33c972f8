package cloud.sealer.cli;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Kubefile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer discover}. */
@Command(
    name = "discover",
    description = "List the container images that a build would collect, and why.",
    sortOptions = false)
final class DiscoverCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Mixin private KubefileOption kubefile;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json.")
  private Format format;

  @Mixin private DiscoveryOptions discovery;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = ".",
      description = "A context with a Kubefile, or one manifest.")
  private String path;

  @SuppressWarnings("NullAway.Init")
  DiscoverCommand() {}

  @Override
  public Integer call() {
    Source source =
        !kubefile.isGiven() && Files.isRegularFile(Path.of(path))
            ? manifest(Path.of(path))
            : kubefile.find(spec.commandLine(), path);
    DiscoveryReport report =
        common.with(
            builder -> discovery.applyTo(builder, spec.commandLine()),
            (sealer, listener) ->
                sealer
                    .builder(BuildMode.LITE)
                    .discover(
                        BuildRequest.builder()
                            .kubefile(source.kubefile())
                            .context(source.context())
                            .discovery(discovery.policy(spec.commandLine()))
                            .listener(listener)
                            .build()));
    if (format == Format.JSON) {
      common.out().println(Json.text(Json.report(report)));
    } else {
      print(report);
    }
    return 0;
  }

  private static Source manifest(Path manifest) {
    Path absolute = manifest.toAbsolutePath();
    Path directory = absolute.getParent();
    Kubefile kubefile =
        Kubefile.builder()
            .from("scratch")
            .copy(absolute.getFileName().toString(), "manifests")
            .build();
    return new Source(kubefile, BuildContext.directory(directory == null ? absolute : directory));
  }

  private void print(DiscoveryReport report) {
    for (DiscoveryReport.Found found : report.found()) {
      common.out().println(found.image());
      found.origins().forEach(origin -> common.out().println("    " + describe(origin)));
    }
    print("suspected", report.suspected());
    print("excluded", report.excluded());
    print("unresolved", report.unresolved());
  }

  private static String describe(ImageOrigin origin) {
    return origin + " [" + origin.rule() + "]";
  }

  private void print(String heading, List<DiscoveryReport.Finding> findings) {
    for (DiscoveryReport.Finding finding : findings) {
      common.out().println(heading + ": " + finding.text() + " (" + finding.reason() + ")");
      finding.origins().forEach(origin -> common.out().println("    " + describe(origin)));
    }
  }
}
