package cloud.sealer.cli;

import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.Machines;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sealer prune}. */
@Command(
    name = "prune",
    description =
        "Delete what no image needs, or the machines that builds which were killed have left.",
    sortOptions = false)
final class PruneCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;
  @Mixin private DockerFlags docker;

  @Option(
      names = "--machines",
      description = "Remove machines, and all that belongs to them; images stay as they are.")
  private boolean machines;

  @Option(names = "--dry-run", description = "With --machines: show what is left, remove nothing.")
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
            builder -> docker.applyTo(builder, Settings.ofProcess(), spec.commandLine()),
            (sealer, listener) ->
                dryRun ? sealer.machines().abandoned(listener) : sealer.machines().prune(listener));
    if (common.isJson()) {
      common.out().println(Json.abandoned(found));
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
            found.size() + (dryRun ? " builds have left machines" : " builds tidied up after"));
    return 0;
  }

  private int images() {
    Images.PruneResult result = common.with((sealer, listener) -> sealer.images().prune());
    common
        .out()
        .println(result.blobs() + " blobs deleted, " + Progress.bytes(result.bytes()) + " freed");
    return 0;
  }
}
