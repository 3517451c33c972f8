package cloud.sealer.cli;

import cloud.sealer.sdk.ImageDiff;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sealer diff}. */
@Command(name = "diff", description = "Show what distinguishes two images.", sortOptions = false)
final class DiffCommand implements Callable<Integer> {
  private static final int DIFFERENT = 1;

  @Mixin private Common common;
  @Mixin private JsonOption json;

  @Option(
      names = "--exit-code",
      description = "End with 1 if they differ, as diff does, not only if the command fails.")
  private boolean exitCode;

  @Parameters(index = "0", paramLabel = "FROM", description = "An image, or an archive.")
  private String from;

  @Parameters(index = "1", paramLabel = "TO", description = "Another.")
  private String to;

  @SuppressWarnings("NullAway.Init")
  DiffCommand() {}

  @Override
  public Integer call() {
    ImageDiff diff =
        ImageName.with(
            common,
            List.of(from, to),
            (sealer, listener) ->
                sealer
                    .images()
                    .diff(ImageName.of(sealer, from), ImageName.of(sealer, to), listener));
    if (!json.print(common.out(), ShippingJson.diff(diff))) {
      print(diff);
    }
    return exitCode && !diff.same() ? DIFFERENT : 0;
  }

  private void print(ImageDiff diff) {
    if (diff.same()) {
      common.out().println("the same image, " + diff.from().digest());
      return;
    }
    for (ImageDiff.PlatformDiff platform : diff.platforms()) {
      common.out().println(platform.platform());
      print("container images", platform.containerImages());
      print("charts", platform.charts());
      print("files", platform.files());
      print("commands", platform.commands());
      print("settings", platform.settings());
    }
    common
        .out()
        .printf(
            "bytes: %s added, %s removed, %s shared%n",
            Progress.bytes(diff.addedBytes()),
            Progress.bytes(diff.removedBytes()),
            Progress.bytes(diff.sharedBytes()));
  }

  private void print(String heading, List<ImageDiff.Change> changes) {
    if (!changes.isEmpty()) {
      common.out().println("  " + heading);
    }
    for (ImageDiff.Change change : changes) {
      String before = change.before().orElse("");
      String after = change.after().orElse("");
      String text =
          switch (change.kind()) {
            case ADDED -> "+ " + change.name() + ": " + after;
            case REMOVED -> "- " + change.name() + ": " + before;
            case CHANGED -> "~ " + change.name() + ": " + before + " -> " + after;
          };
      common.out().println("    " + text);
    }
  }
}
