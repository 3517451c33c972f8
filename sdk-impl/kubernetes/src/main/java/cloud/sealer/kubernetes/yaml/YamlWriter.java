package cloud.sealer.kubernetes.yaml;

import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.emitter.Emitter;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.serializer.Serializer;

/**
 * Writes YAML that every parser reads alike: texts that one of them takes for something else, such
 * as {@code no}, {@code 0o17}, {@code 1_000} or {@code 2024-01-01}, stand in quotes. The same tree
 * gives the same text.
 */
public final class YamlWriter {
  /** What no version of YAML takes for anything but a text. */
  private static final Pattern PLAIN_TEXT =
      Pattern.compile("(?=.{1,200}$)[A-Za-z/][A-Za-z0-9_./-]*");

  private static final Pattern WORDS =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf|infinity");

  /** Octal for YAML 1.1, which Kubernetes reads, and decimal for YAML 1.2. */
  private static final Pattern OCTAL = Pattern.compile("[-+]?0[0-7]+");

  /** Two braces begin a template, so none of the texts written here has them. */
  private static final Pattern BRACE = Pattern.compile("\\{(?=\\{)");

  private final Resolver types = new Resolver();

  /**
   * Writes a document.
   *
   * @param document its value
   * @return the text, without markers, with a line end
   */
  public String write(YamlNode document) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setIndicatorIndent(2);
    options.setIndent(2);
    options.setIndentWithIndicator(true);
    options.setMaxSimpleKeyLength(1000);
    StringWriter text = new StringWriter();
    Serializer serializer =
        new Serializer(new Emitter(text, options), types, options, /* rootTag= */ null);
    try {
      serializer.open();
      serializer.serialize(node(document));
      serializer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return BRACE.matcher(text.toString()).replaceAll("\\\\x7b");
  }

  /**
   * Writes documents with markers between them.
   *
   * @param documents their values
   * @return the text
   */
  public String writeAll(List<? extends YamlNode> documents) {
    StringBuilder text = new StringBuilder();
    for (YamlNode document : documents) {
      text.append(text.isEmpty() ? "" : "---\n").append(write(document));
    }
    return text.toString();
  }

  private Node node(YamlNode node) {
    if (node instanceof Mapping mapping) {
      List<NodeTuple> tuples = new ArrayList<>();
      mapping
          .values()
          .forEach((key, value) -> tuples.add(new NodeTuple(text(key, true), node(value))));
      return new MappingNode(Tag.MAP, tuples, tuples.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }
    if (node instanceof Sequence sequence) {
      List<Node> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(node(item)));
      return new SequenceNode(Tag.SEQ, items, items.isEmpty() ? FlowStyle.FLOW : FlowStyle.BLOCK);
    }
    Scalar scalar = (Scalar) node;
    if (!scalar.plain() || types.resolve(NodeId.scalar, scalar.text(), true).equals(Tag.STR)) {
      return text(scalar.text(), false);
    }
    if (scalar.isNull()) {
      return new ScalarNode(Tag.NULL, "null", null, null, ScalarStyle.PLAIN);
    }
    String text =
        OCTAL.matcher(scalar.text()).matches() ? YamlJson.toJson(scalar).asText() : scalar.text();
    Tag tag = types.resolve(NodeId.scalar, text, true);
    return new ScalarNode(tag, text, null, null, ScalarStyle.PLAIN);
  }

  private static Node text(String text, boolean key) {
    return new ScalarNode(Tag.STR, text, null, null, style(text, key));
  }

  private static ScalarStyle style(String text, boolean key) {
    if (text.contains("{{")) {
      return ScalarStyle.DOUBLE_QUOTED;
    }
    if (text.contains("\n") && !key) {
      return block(text) ? ScalarStyle.LITERAL : ScalarStyle.DOUBLE_QUOTED;
    }
    return PLAIN_TEXT.matcher(text).matches() && !WORDS.matcher(text).matches()
        ? ScalarStyle.PLAIN
        : ScalarStyle.DOUBLE_QUOTED;
  }

  /** Blocks with odd white space are read differently by different parsers. */
  private static boolean block(String text) {
    return !text.isBlank()
        && !Character.isWhitespace(text.charAt(0))
        && text.indexOf('\r') < 0
        && text.indexOf('\t') < 0
        && !text.endsWith("\n\n")
        && text.lines().noneMatch(line -> line.endsWith(" "));
  }
}
