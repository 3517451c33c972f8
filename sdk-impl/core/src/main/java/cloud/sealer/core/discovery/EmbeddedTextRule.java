package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Suspects images in the texts that objects carry: manifests, values and JSON in ConfigMaps,
 * annotations, variables and other fields. Whether a controller reads them so cannot be known.
 */
final class EmbeddedTextRule implements Rule {
  /** A text in a text in a text: an object in an annotation of a template in a ConfigMap. */
  static final int MAX_DEPTH = 3;

  /** The object as it was applied last, which says nothing that the object does not say. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  /** How a name ends whose value is an image without its version: {@code worker_repository}. */
  private static final String REPOSITORY = "_repository";

  private static final Pattern SETTING =
      Pattern.compile(
          "(?m)^[ \\t]*+([\\w.-]++)[ \\t]*+=[ \\t]*+[\"']?([^\\s\"'#;,]++)[\"',;]*+[ \\t]*+$");

  private final TextParser parser = new TextParser();
  private final List<Rule> rules;

  /**
   * A rule for the texts of objects.
   *
   * @param rules what to look for in the texts that are JSON or YAML
   */
  EmbeddedTextRule(List<Rule> rules) {
    this.rules = rules;
  }

  @Override
  public void check(Place place, Node.Mapping mapping, Reports reports) {
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      Place at = place.under(entry.getKey());
      String reason = "it stands in a text of " + owner(place);
      boolean secret = place.root() && place.object().kind().equals("Secret");
      if (entry.getKey().equals("annotations")
          && entry.getValue() instanceof Node.Mapping annotations) {
        annotations
            .values()
            .forEach((key, value) -> checkAnnotation(at.under(key), key, value, reports));
      } else if (entry.getValue() instanceof Node.Scalar text && !secret) {
        checkText(at, text, reason, reports);
      } else if (entry.getValue() instanceof Node.Sequence list) {
        for (int i = 0; i < list.items().size(); i++) {
          if (list.items().get(i) instanceof Node.Scalar text) {
            checkText(at.item(i), text, reason, reports);
          }
        }
      }
    }
  }

  private static String owner(Place place) {
    String kind = place.object().kind();
    return kind.isEmpty() ? "an object" : kind.equals("ConfigMap") ? "a ConfigMap" : "the object";
  }

  private void checkAnnotation(Place place, String key, Node node, Reports reports) {
    if (key.equals(LAST_APPLIED) || !(node instanceof Node.Scalar value) || !value.isText()) {
      return;
    }
    if (!checkText(place, value, "it stands in an annotation", reports)) {
      ImageText image = ImageText.of(value.text());
      if (image.isUnmistakable() || (image.isLikeHubImage() && KeyName.of(key).namesImage())) {
        ImageOrigin origin = place.origin(value.line(), RuleNames.ANNOTATION);
        reports.suspected(image.text(), origin, "it stands in an annotation");
      }
    }
  }

  /** Searches a text if it has lines or is JSON, and says whether it did. */
  private boolean checkText(Place place, Node.Scalar text, String reason, Reports reports) {
    boolean lines = text.text().indexOf('\n') >= 0;
    if (!text.isText()
        || !(lines || TextParser.isJson(text.text()))
        || !mayNameImage(text.text())) {
      return false;
    }
    ImageOrigin origin = place.origin(text.line(), RuleNames.EMBEDDED_TEXT);
    Suspicions sink = new Suspicions(reports, origin, reason);
    List<Node> documents = parser.documents(text.text());
    for (Node document : documents) {
      Place root = Place.document(origin.file(), origin.document(), document);
      new ObjectWalker(rules, new Reports(sink, Parameters.of(document))).walk(root, document);
    }
    if (documents.isEmpty() && lines) {
      new LineRule((value, line, block) -> suspect(value, origin, sink)).read(text.text(), 1);
      readSettings(text.text(), origin, sink);
      CommandText.images(text.text()).forEach(image -> suspect(image, origin, sink));
    }
    return true;
  }

  /**
   * The lines of a text that is TOML, INI, properties or variables: {@code image = "a/b:1"}, or
   * {@code x_repository = a/b} and {@code x_tag = 1}.
   */
  private static void readSettings(String text, ImageOrigin origin, Suspicions sink) {
    Map<String, String> settings = new LinkedHashMap<>();
    Matcher setting = SETTING.matcher(text);
    while (setting.find()) {
      ImageText value = ImageText.of(setting.group(2));
      if (value.isVersioned()) {
        new NamedValue(setting.group(1), value.text(), false).report(origin, sink);
      }
      settings.put(setting.group(1).toLowerCase(Locale.ROOT), setting.group(2));
    }
    settings.forEach(
        (name, repository) -> {
          if (name.endsWith(REPOSITORY)) {
            String stem = name.substring(0, name.length() - REPOSITORY.length());
            String tag = settings.getOrDefault(stem + "_tag", settings.get(stem + "_version"));
            if (tag != null) {
              suspect(ImageText.of(repository + ":" + tag), origin, sink);
            }
          }
        });
  }

  /** Most texts are no manifests; they are not worth a parser. */
  private static boolean mayNameImage(String text) {
    return text.contains("mage")
        || text.contains("IMAGE")
        || text.contains("repository")
        || (text.indexOf('/') >= 0 && text.indexOf(':') >= 0)
        || CommandText.isIn(text);
  }

  private static void suspect(ImageText value, ImageOrigin origin, Suspicions sink) {
    if (value.kind() == ImageText.Kind.IMAGE || value.kind() == ImageText.Kind.TEMPLATE) {
      sink.suspected(value.text(), origin, "");
    }
  }
}
