package cloud.sealer.examples.recipes;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Shows a build as a tree of tasks. Counters are absolute and events come one at a time, so a
 * listener needs neither sums nor locks.
 */
public final class ShowProgress {
  private ShowProgress() {}

  /** Runs with the directory of a store. */
  public static void main(String[] args) {
    BuildRequest request =
        BuildRequest.builder()
            .kubefile(
                Kubefile.builder()
                    .from("scratch")
                    .copy("data", ".")
                    .run("echo made while building > note.txt; cat note.txt")
                    .build())
            .context(BuildContext.inMemory().file("data", new byte[5_000_000], 0644).build())
            .name("with-progress:v1")
            .listener(new Tree())
            .build();
    try (Sealer sealer = Sealer.builder().store(Path.of(args[0])).build()) {
      sealer.builder(BuildMode.LITE).build(request);
    }
  }

  private static final class Tree implements EventListener {
    private final Map<Long, String> indents = new HashMap<>();

    @Override
    public void onEvent(Event event) {
      String indent = indents.getOrDefault(event.task(), "");
      if (event instanceof Event.Started e) {
        indent = indents.getOrDefault(e.parent(), "") + "  ";
        indents.put(e.task(), indent);
        System.out.println(indent + e.kind() + " " + e.name());
      } else if (event instanceof Event.Progress e) {
        System.out.println(indent + "  " + e.done() + (e.total() < 0 ? "" : " of " + e.total()));
      } else if (event instanceof Event.Output e) {
        System.out.println(indent + "  | " + e.line());
      } else if (event instanceof Event.Finished e) {
        System.out.println(indent + "  " + e.outcome());
      }
    }
  }
}
