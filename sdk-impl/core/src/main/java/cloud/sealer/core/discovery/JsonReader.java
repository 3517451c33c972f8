package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.Node.Scalar;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON text into trees. JSON is nearly YAML, but SnakeYAML refuses tabs and some escapes of
 * it.
 */
final class JsonReader {
  private final JsonFactory factory = new JsonFactory();

  /**
   * Reads all values of a text, one after the other.
   *
   * @throws IOException if the text cannot be read, as opposed to parsed
   */
  List<Node> read(Reader text) throws UnreadableException, IOException {
    List<Node> documents = new ArrayList<>();
    try (JsonParser parser = factory.createParser(text)) {
      NodeBuilder builder = new NodeBuilder();
      int depth = 0;
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        int line = parser.currentTokenLocation().getLineNr();
        if (token == JsonToken.START_OBJECT) {
          builder.startMapping(null, line);
          depth++;
        } else if (token == JsonToken.START_ARRAY) {
          builder.startSequence(null, line);
          depth++;
        } else if (token.isStructEnd()) {
          builder.end();
          depth--;
        } else {
          boolean isText = token == JsonToken.FIELD_NAME || token == JsonToken.VALUE_STRING;
          builder.scalar(null, new Scalar(parser.getText(), isText, line));
        }
        if (depth == 0) {
          documents.add(builder.root());
          builder = new NodeBuilder();
        }
      }
    } catch (JsonProcessingException e) {
      throw new UnreadableException(e.getOriginalMessage(), e);
    }
    return documents;
  }
}
