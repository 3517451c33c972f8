package cloud.sealer.core.discovery;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the JSON or YAML that stands in a text of an object. */
final class TextParser {
  private static final Node NOTHING = new Node.Scalar("", false, 1);

  private final YamlReader yaml = new YamlReader();
  private final JsonReader json = new JsonReader();

  /** The first document; a null if there is none. */
  Node node(String text) {
    return documents(text).stream().findFirst().orElse(NOTHING);
  }

  /** The documents that are mappings or sequences; none if the text is neither JSON nor YAML. */
  List<Node> documents(String text) {
    List<Node> documents = new ArrayList<>();
    try {
      if (isJson(text)) {
        documents.addAll(json.read(new StringReader(text)));
      }
    } catch (UnreadableException e) {
      // YAML in flow style starts like JSON.
      documents.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (documents.isEmpty()) {
      documents.addAll(yaml(text));
    }
    documents.removeIf(Node.Scalar.class::isInstance);
    return documents;
  }

  private List<Node> yaml(String text) {
    try {
      List<Node> documents = new ArrayList<>();
      DocumentSplitter splitter = new DocumentSplitter(new StringReader(text));
      for (DocumentSplitter.Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
        documents.addAll(yaml.read(piece.text(), piece.firstLine()));
      }
      return documents;
    } catch (UnreadableException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isJson(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        return (text.charAt(i) == '{' || text.charAt(i) == '[') && !text.startsWith("{{", i);
      }
    }
    return false;
  }
}
