package cloud.sealer.cli;

import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.PruneOptions;
import cloud.sealer.sdk.PruneResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sealer prune}. */
@Command(
    name = "prune",
    description = "Delete what no image needs, and what dead processes left.",
    sortOptions = false)
final class PruneCommand implements Callable<Integer> {
  @Mixin private Common common;
  @Mixin private JsonOption json;
  @Mixin private DockerFlags docker;
  @Mixin private CloudFlags cloud;
  @Spec private CommandSpec spec;

  @Option(
      names = "--machines",
      description =
          "Remove the machines that killed builds left, those of clusters that never were or are"
              + " deleted, and all that belongs to them; images stay.")
  private boolean machines;

  @Option(
      names = "--clusters",
      paramLabel = "DIR",
      description = "Where clusters are recorded, whose machines stay; by default ~/.sealer.")
  private @Nullable Path clusters;

  @Option(
      names = "--older-than",
      paramLabel = "AGE",
      converter = Age.class,
      defaultValue = "0s",
      description = "Only what was not written to for so long, such as 30d or 12h.")
  private Duration olderThan;

  @Option(names = "--dry-run", description = "Count only, and delete nothing.")
  private boolean dryRun;

  @SuppressWarnings("NullAway.Init")
  PruneCommand() {}

  @Override
  public Integer call() {
    return machines ? machines() : images();
  }

  private int machines() {
    List<Machines.Abandoned> found =
        common.with(
            builder -> {
              Settings settings = Settings.ofProcess();
              builder.clusters(clusters != null ? clusters : settings.clusters());
              docker.applyTo(builder, settings, spec.commandLine());
              return cloud.applyTo(builder, settings, false, spec.commandLine());
            },
            (sealer, listener) ->
                dryRun ? sealer.machines().abandoned(listener) : sealer.machines().prune(listener));
    if (json.print(common.out(), Json.abandoned(found))) {
      return 0;
    }
    for (Machines.Abandoned each : found) {
      String resources =
          each.resources().isEmpty() ? "known by its labels" : String.join(", ", each.resources());
      common.out().println(each.owner() + " (" + each.provider() + "): " + resources);
    }
    common
        .out()
        .println(
            found.size()
                + (dryRun
                    ? " builds or clusters have left machines"
                    : " builds or clusters tidied up after"));
    return 0;
  }

  private int images() {
    PruneResult result =
        common.with(
            (sealer, listener) -> sealer.images().prune(new PruneOptions(olderThan, dryRun)));
    if (!json.print(common.out(), ShippingJson.pruned(result))) {
      common
          .out()
          .printf(
              "%d blobs, %d unfinished downloads and %d directories of dead processes %s; %s %s%n",
              result.blobs(),
              result.partials(),
              result.sessions(),
              dryRun ? "would be deleted" : "deleted",
              Progress.bytes(result.bytes()),
              dryRun ? "would be freed" : "freed");
    }
    return 0;
  }
}
