package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * A rendered template that knows where its lines come from. Lines that are the same in both texts
 * keep their place; those that a template made have the line of the template.
 */
final class RenderedText {
  private final String text;
  private final int[] lines;
  private final boolean[] same;

  private RenderedText(String text, int[] lines, boolean[] same) {
    this.text = text;
    this.lines = lines;
    this.same = same;
  }

  static RenderedText of(String template, String rendered) {
    List<String> before = template.lines().toList();
    List<String> after = new ArrayList<>(rendered.lines().toList());
    int[] lines = new int[after.size()];
    boolean[] same = new boolean[after.size()];
    int at = 0;
    for (int i = 0; i < lines.length; i++) {
      String line = after.get(i);
      int found = line.isBlank() ? here(before, at) : find(before, at, line);
      same[i] = found >= 0;
      lines[i] = Math.min(found >= 0 ? found : at, Math.max(0, before.size() - 1));
      boolean made = at < before.size() && before.get(at).contains("{{");
      at = found >= 0 ? found + 1 : at + (made ? 1 : 0);
    }
    return new RenderedText(rendered, lines, same);
  }

  private static int here(List<String> lines, int at) {
    return at < lines.size() && lines.get(at).isBlank() ? at : -1;
  }

  /** The next line that is the same; one that was passed over must be part of a template. */
  private static int find(List<String> lines, int from, String line) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).equals(line)) {
        return i;
      }
    }
    return -1;
  }

  String text() {
    return text;
  }

  /** Where in the template a place of the rendered text comes from. */
  Place source(Place place) {
    int index = place.line() - 1;
    if (index < 0 || index >= lines.length) {
      return place;
    }
    return new Place(lines[index] + 1, same[index] ? place.column() : 1);
  }
}
