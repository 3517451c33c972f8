package cloud.sealer.examples.quickstart;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The files of an image as a tree. What is deep and large is summed up. */
final class RootfsTree {
  private static final int DEPTH = 3;
  private static final int LARGE = 10;

  private final Map<String, RootfsTree> children = new TreeMap<>();

  private RootfsTree() {}

  /**
   * Unpacks an image and lists it: {@code RUN} sees the whole rootfs of its base, and what it
   * prints comes as events. The request has no name, so no image is made of it.
   */
  static RootfsTree of(Sealer sealer, String image) {
    List<String> files = new ArrayList<>();
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.builder().from(image).run("find . -type f").build())
                .cache(false)
                .listener(
                    event -> {
                      if (event instanceof Event.Output output) {
                        files.add(output.line());
                      }
                    })
                .build());
    RootfsTree root = new RootfsTree();
    for (String file : files) {
      RootfsTree at = root;
      for (String name : file.substring("./".length()).split("/", -1)) {
        at = at.children.computeIfAbsent(name, ignored -> new RootfsTree());
      }
    }
    return root;
  }

  void print(Console console) {
    console.line("  .");
    print(console, "  ", 1);
  }

  private void print(Console console, String indent, int depth) {
    Iterator<Map.Entry<String, RootfsTree>> each = children.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<String, RootfsTree> child = each.next();
      RootfsTree subtree = child.getValue();
      boolean cut = depth >= DEPTH && subtree.files() > LARGE;
      String sum = cut ? " (" + subtree.files() + " files)" : "";
      console.line("%s%s── %s%s", indent, each.hasNext() ? "├" : "└", child.getKey(), sum);
      if (!cut) {
        subtree.print(console, indent + (each.hasNext() ? "│   " : "    "), depth + 1);
      }
    }
  }

  private int files() {
    return children.isEmpty() ? 1 : children.values().stream().mapToInt(RootfsTree::files).sum();
  }
}
