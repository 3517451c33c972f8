package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.DocumentSplitter.Piece;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.io.Reader;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds images in the Kubernetes manifests below {@code manifests/}: files named {@code .yaml},
 * {@code .yml}, {@code .json}, and templates named {@code .tmpl}.
 *
 * <p>Memory is bound by the largest document. A document that is no YAML is searched line by line.
 */
public final class ManifestDiscoverer implements ImageDiscoverer {
  static final RootfsPath DIRECTORY = RootfsPath.of("manifests");

  private static final Set<String> EXTENSIONS = Set.of("yaml", "yml", "json", "tmpl");
  private static final List<Rule> RULES = List.of(new ImageKeyRule(), new EmbeddedTextRule());

  private final YamlReader yaml = new YamlReader();
  private final JsonReader json = new JsonReader();

  @Override
  public void discover(FileTree files, Sink sink) {
    for (ManifestFile file : ManifestFile.below(files, DIRECTORY)) {
      if (EXTENSIONS.contains(file.extension()) && !(mayBeJson(file) && discoverJson(file, sink))) {
        file.read(text -> discoverPieces(file, text, sink));
      }
    }
  }

  /** As kubectl does: by the first character, because a .yaml file may hold JSON too. */
  private static boolean mayBeJson(ManifestFile file) {
    return !file.extension().equals("tmpl")
        && file.<Boolean>read(
            text -> {
              int c = text.read();
              while (c >= 0 && Character.isWhitespace(c)) {
                c = text.read();
              }
              return c == '{' && text.read() != '{';
            });
  }

  private boolean discoverJson(ManifestFile file, Sink sink) {
    List<Node> documents =
        file.read(
            text -> {
              try {
                return json.read(text);
              } catch (UnreadableException e) {
                // Not an error yet: YAML in flow style starts like JSON.
                return List.of();
              }
            });
    for (int i = 0; i < documents.size(); i++) {
      walk(file, i + 1, documents.get(i), sink);
    }
    return !documents.isEmpty();
  }

  private boolean discoverPieces(ManifestFile file, Reader text, Sink sink) throws IOException {
    DocumentSplitter splitter = new DocumentSplitter(text);
    int documents = 0;
    boolean continues = false;
    for (Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
      List<Node> nodes = continues ? null : parse(file, piece, sink);
      if (nodes == null) {
        documents += continues ? 0 : 1;
        readLines(file, documents, piece, sink);
      } else {
        for (Node node : nodes) {
          walk(file, ++documents, node, sink);
        }
      }
      continues = !piece.whole();
    }
    return true;
  }

  /** The documents of a piece; null if it is to be searched line by line. */
  private @Nullable List<Node> parse(ManifestFile file, Piece piece, Sink sink) {
    if (file.extension().equals("tmpl")) {
      return null;
    }
    String reason = "the document is longer than " + DocumentSplitter.MAX_LENGTH + " characters";
    if (piece.whole() && piece.longLine() == 0) {
      try {
        return yaml.read(piece.text(), piece.firstLine());
      } catch (UnreadableException e) {
        reason = String.valueOf(e.getMessage());
      }
    } else if (piece.longLine() > 0) {
      reason = "line " + piece.longLine() + " is too long";
    }
    if (!piece.text().contains("{{")) {
      sink.notice(
          file.path()
              + ": the document at line "
              + piece.firstLine()
              + " was searched line by line,"
              + " because it cannot be read as YAML: "
              + reason);
    }
    return null;
  }

  private static void readLines(ManifestFile file, int document, Piece piece, Sink sink) {
    if (piece.longLine() > 0) {
      sink.unresolved(
          "",
          new ImageOrigin(file.path(), document, "", "", piece.longLine(), RuleNames.LINE),
          "the line is longer than " + LineReader.MAX_LENGTH + " characters and was not searched");
    }
    new LineRule(
            (value, line, certain) -> {
              ImageOrigin origin =
                  new ImageOrigin(file.path(), document, "", "", line, RuleNames.LINE);
              report(value, origin, certain, sink);
            })
        .read(piece.text(), piece.firstLine());
  }

  private static void report(ImageText value, ImageOrigin origin, boolean certain, Sink sink) {
    if (!certain) {
      sink.suspected(
          value.text(), origin, "the document is no YAML, and the line may be mere text");
    } else if (value.reference() != null) {
      sink.found(value.reference(), origin);
    } else if (value.isProse()) {
      sink.suspected(value.text(), origin, value.problem());
    } else {
      sink.unresolved(value.text(), origin, value.problem());
    }
  }

  private static void walk(ManifestFile file, int document, Node node, Sink sink) {
    new ObjectWalker(RULES, sink).walk(Place.document(file.path(), document, node), node);
  }
}
