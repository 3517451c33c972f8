package cloud.sealer.core.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How an object spells an image: a path, or a text with paths in braces such as {@code
 * {spec.baseImage}:{spec.version}}.
 *
 * @param text as the rule has it
 * @param parts the text cut at its paths: literal, path, literal, path, …, literal
 * @param paths the paths
 */
record ImageTemplate(String text, List<String> parts, List<RulePath> paths) {
  private static final Pattern PART = Pattern.compile("\\{([^{}]+)}");

  /**
   * An image in an object.
   *
   * @param text the image as it stands
   * @param place the place of the first part of it that the object has
   * @param line the line of that place
   * @param places the places of all parts
   */
  record Match(String text, Place place, int line, List<Place> places) {}

  static ImageTemplate of(String text) {
    List<String> parts = new ArrayList<>();
    List<RulePath> paths = new ArrayList<>();
    String whole = text.indexOf('{') < 0 ? "{" + text + "}" : text;
    Matcher part = PART.matcher(whole);
    int end = 0;
    while (part.find()) {
      parts.add(whole.substring(end, part.start()));
      paths.add(RulePath.of(part.group(1)));
      end = part.end();
    }
    parts.add(whole.substring(end));
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("no path in braces: \"" + text + "\"");
    }
    return new ImageTemplate(text, List.copyOf(parts), List.copyOf(paths));
  }

  /** The images; none if the object lacks one of the parts. */
  List<Match> find(Place start, Node node, Function<String, Node> parser) {
    List<Match> matches = new ArrayList<>();
    if (paths.size() == 1) {
      for (RulePath.Match match : paths.get(0).find(start, node, parser)) {
        if (match.node() instanceof Node.Scalar value && !value.isEmpty()) {
          String image = parts.get(0) + value.text().strip() + parts.get(1);
          matches.add(new Match(image, match.place(), match.line(), List.of(match.place())));
        }
      }
      return matches;
    }
    StringBuilder image = new StringBuilder(parts.get(0));
    List<RulePath.Match> found = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      List<RulePath.Match> values = paths.get(i).find(start, node, parser);
      if (values.isEmpty()
          || !(values.get(0).node() instanceof Node.Scalar value)
          || value.isEmpty()) {
        return List.of();
      }
      String text = value.text().strip();
      found.add(values.get(0));
      if (ImageText.of(text).hasRegistry()) {
        // It is complete to the left: no registry before it counts.
        image.setLength(0);
      }
      image.append(text);
      if (ImageText.of(image.toString()).isVersioned()) {
        // The part before is an image with a version already, which then wins over a version beside
        // it.
        break;
      }
      image.append(parts.get(i + 1));
    }
    RulePath.Match first = found.get(0);
    return List.of(
        new Match(
            image.toString(),
            first.place(),
            first.line(),
            found.stream().map(RulePath.Match::place).toList()));
  }
}
