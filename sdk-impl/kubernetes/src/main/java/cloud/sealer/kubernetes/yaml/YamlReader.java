package cloud.sealer.kubernetes.yaml;

import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Style;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Reads one YAML document. Tags make no objects; keys that stand twice are a mistake. */
public final class YamlReader {
  private static final String STANDARD_TAGS = "tag:yaml.org,2002:";
  private static final int MAX_LENGTH = 16 << 20;

  private YamlReader() {}

  /**
   * Reads a text of at most one document.
   *
   * @param text the document
   * @param firstLine the line of its file where the text starts, from 1
   * @return its value; {@link Scalar#NULL} if it has only comments
   * @throws YamlException if it is not YAML, has several documents, or more than a million values
   */
  public static YamlNode read(String text, int firstLine) throws YamlException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_LENGTH);
    try {
      return read(new ParserImpl(new StreamReader(new StringReader(text)), options), firstLine);
    } catch (MarkedYAMLException e) {
      @Nullable Mark mark = e.getProblemMark();
      throw new YamlException(
          problem(e.getProblem()), mark == null ? new Place(firstLine, 1) : place(mark, firstLine));
    } catch (RuntimeException e) {
      // Characters that YAML forbids, and broken escapes, surface as other exceptions.
      throw new YamlException(problem(e.getMessage()), new Place(firstLine, 1));
    }
  }

  /**
   * Reads all documents of a text, leaving out those without content.
   *
   * @param text the documents
   * @return their values
   * @throws YamlException if one of them is not YAML
   */
  public static List<YamlNode> readAll(String text) throws YamlException {
    List<YamlNode> all = new ArrayList<>();
    for (YamlText document : YamlText.split(text)) {
      YamlNode node = read(document.text(), document.firstLine());
      if (!node.isNull()) {
        all.add(node);
      }
    }
    return all;
  }

  private static YamlNode read(Parser parser, int firstLine) throws YamlException {
    TreeBuilder builder = new TreeBuilder();
    int documents = 0;
    while (!parser.checkEvent(Event.ID.StreamEnd)) {
      Event event = parser.getEvent();
      Place place = place(event.getStartMark(), firstLine);
      if (event instanceof MappingStartEvent mapping) {
        builder.startMapping(mapping.getAnchor(), place);
      } else if (event instanceof SequenceStartEvent sequence) {
        builder.startSequence(sequence.getAnchor(), place);
      } else if (event instanceof CollectionEndEvent) {
        builder.end();
      } else if (event instanceof ScalarEvent scalar) {
        builder.scalar(scalar.getAnchor(), new Scalar(scalar.getValue(), style(scalar), place));
      } else if (event instanceof AliasEvent alias) {
        builder.alias(alias.getAnchor(), place);
      } else if (event.is(Event.ID.DocumentStart) && ++documents > 1) {
        throw new YamlException("another document begins", place);
      }
    }
    return builder.root();
  }

  private static Style style(ScalarEvent scalar) {
    ScalarStyle style = scalar.getScalarStyle();
    if (style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED) {
      return Style.BLOCK;
    }
    @Nullable String tag = scalar.getTag();
    boolean plain =
        tag == null
            ? style == ScalarStyle.PLAIN
            : tag.startsWith(STANDARD_TAGS)
                && !tag.equals(STANDARD_TAGS + "str")
                && !tag.equals(STANDARD_TAGS + "binary");
    return plain ? Style.PLAIN : Style.QUOTED;
  }

  private static Place place(Mark mark, int firstLine) {
    return new Place(mark.getLine() + firstLine, mark.getColumn() + 1);
  }

  private static String problem(@Nullable String message) {
    return String.valueOf(message).lines().findFirst().orElse("it cannot be read");
  }
}
