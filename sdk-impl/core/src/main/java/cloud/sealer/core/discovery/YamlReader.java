package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.Node.Scalar;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.DocumentEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML text into trees. Tags make no objects: a value with an unknown tag is a text.
 *
 * <p>SnakeYAML's own limits are lifted because {@link DocumentSplitter} bounds the text and {@link
 * NodeBuilder} the tree.
 */
final class YamlReader {
  private static final String STANDARD_TAGS = "tag:yaml.org,2002:";

  private final Resolver types = new Resolver();

  /**
   * Reads a text that holds one document, or none if it has only comments.
   *
   * @param firstLine the line in the file where the text starts
   */
  List<Node> read(String text, int firstLine) throws UnreadableException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    try {
      return read(new ParserImpl(new StreamReader(new StringReader(text)), options), firstLine);
    } catch (RuntimeException e) {
      // Mostly YAMLException, but broken escapes and the like surface as other runtime exceptions.
      throw new UnreadableException(reason(e, firstLine), e);
    }
  }

  private List<Node> read(Parser parser, int firstLine) throws UnreadableException {
    List<Node> documents = new ArrayList<>();
    NodeBuilder builder = new NodeBuilder();
    while (!parser.checkEvent(Event.ID.StreamEnd)) {
      Event event = parser.getEvent();
      int line = event.getStartMark().getLine() + firstLine;
      if (event instanceof MappingStartEvent mapping) {
        builder.startMapping(mapping.getAnchor(), line);
      } else if (event instanceof SequenceStartEvent sequence) {
        builder.startSequence(sequence.getAnchor(), line);
      } else if (event instanceof CollectionEndEvent) {
        builder.end();
      } else if (event instanceof ScalarEvent scalar) {
        builder.scalar(scalar.getAnchor(), new Scalar(scalar.getValue(), isText(scalar), line));
      } else if (event instanceof AliasEvent alias) {
        builder.alias(alias.getAnchor());
      } else if (event instanceof DocumentEndEvent) {
        documents.add(builder.root());
        builder = new NodeBuilder();
      }
    }
    return documents;
  }

  private boolean isText(ScalarEvent scalar) {
    @Nullable String tag = scalar.getTag();
    if (tag == null || tag.equals("!")) {
      boolean plain = scalar.getImplicit().canOmitTagInPlainScalar();
      return types.resolve(NodeId.scalar, scalar.getValue(), plain).equals(Tag.STR);
    }
    return !tag.startsWith(STANDARD_TAGS) || tag.equals(Tag.STR.getValue());
  }

  /** SnakeYAML's full messages quote the text, which may be long and may hold secrets. */
  private static String reason(RuntimeException e, int firstLine) {
    if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
      return marked.getProblem()
          + " (line "
          + (marked.getProblemMark().getLine() + firstLine)
          + ")";
    }
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
