package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.DocumentSplitter.Piece;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import com.google.common.base.Suppliers;
import java.io.IOException;
import java.io.Reader;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds images in the Kubernetes manifests below {@code manifests/}: files named {@code .yaml},
 * {@code .yml}, {@code .json}, and templates named {@code .tmpl}; and in the workloads in YAML
 * files below {@code etc/}.
 *
 * <p>Memory is bound by the largest document. A document that is no YAML is searched line by line.
 */
public final class ManifestDiscoverer implements ImageDiscoverer {
  static final RootfsPath DIRECTORY = RootfsPath.of("manifests");

  private static final Set<String> EXTENSIONS = Set.of("yaml", "yml", "json", "tmpl");

  /** Where base images keep manifests of what every cluster gets, such as the network. */
  private static final RootfsPath ETC = RootfsPath.of("etc");

  private static final Set<String> WORKLOADS =
      Set.of(
          "CronJob", "DaemonSet", "Deployment", "Job", "List", "Pod", "ReplicaSet", "StatefulSet");

  // Not read by programs that only run, move or list images.
  private final Supplier<ImageRules> builtIn = Suppliers.memoize(ImageRules::builtIn);
  private final YamlReader yaml = new YamlReader();
  private final JsonReader json = new JsonReader();

  @Override
  public void discover(FileTree files, Sink sink) {
    List<Rule> rules = ManifestRules.with(builtIn.get().withFileOf(files));
    for (ManifestFile file : ManifestFile.below(files, DIRECTORY)) {
      if (EXTENSIONS.contains(file.extension())) {
        discover(file, rules, sink);
      }
    }
    for (ManifestFile file : ManifestFile.below(files, ETC)) {
      if (file.extension().equals("yaml") || file.extension().equals("yml")) {
        discoverWorkloads(file, rules, sink);
      }
    }
  }

  /**
   * Looks for images in manifests that are no files of the rootfs, such as those a chart gives.
   *
   * @param files the files of the rootfs, for rules the user may have put there
   * @param manifests the manifests, under the names that origins shall have
   * @param sink where to report what was found
   */
  public void discover(FileTree files, Map<RootfsPath, FileTree.Content> manifests, Sink sink) {
    List<Rule> rules = ManifestRules.with(builtIn.get().withFileOf(files));
    manifests.forEach((name, content) -> discover(new ManifestFile(name, content), rules, sink));
  }

  private void discover(ManifestFile file, List<Rule> rules, Sink sink) {
    if (!(mayBeJson(file) && discoverJson(file, rules, sink))) {
      file.read(text -> discoverPieces(file, text, rules, sink));
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

  /** Only workloads: the other YAML files there configure nodes and sealer itself. */
  private void discoverWorkloads(ManifestFile file, List<Rule> rules, Sink sink) {
    file.read(
        text -> {
          DocumentSplitter splitter = new DocumentSplitter(text);
          int documents = 0;
          for (Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
            try {
              for (Node node : yaml.read(piece.text(), piece.firstLine())) {
                documents++;
                if (node instanceof Node.Mapping mapping
                    && WORKLOADS.contains(mapping.text("kind"))) {
                  walk(file, documents, node, rules, sink);
                }
              }
            } catch (UnreadableException e) {
              documents++;
            }
          }
          return true;
        });
  }

  private boolean discoverJson(ManifestFile file, List<Rule> rules, Sink sink) {
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
      walk(file, i + 1, documents.get(i), rules, sink);
    }
    return !documents.isEmpty();
  }

  private boolean discoverPieces(ManifestFile file, Reader text, List<Rule> rules, Sink sink)
      throws IOException {
    DocumentSplitter splitter = new DocumentSplitter(text);
    int documents = 0;
    boolean continues = false;
    for (Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
      List<Node> nodes = continues ? null : parse(file, piece, sink);
      if (nodes == null) {
        documents += continues ? 0 : 1;
        Set<Integer> lines = readLines(file, documents, piece, sink);
        if (piece.whole() && piece.text().contains("{{")) {
          readTemplate(file, documents, piece, rules, lines, sink);
        }
      } else {
        for (Node node : nodes) {
          walk(file, ++documents, node, rules, sink);
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

  /** Looks at a template as an object too, for the places that a line does not show. */
  private void readTemplate(
      ManifestFile file,
      int document,
      Piece piece,
      List<Rule> rules,
      Set<Integer> lines,
      Sink sink) {
    TemplateText template = TemplateText.of(piece.text());
    try {
      for (Node node : yaml.read(template.yaml(), piece.firstLine())) {
        walk(file, document, node, rules, new TemplateFindings(sink, template, lines));
      }
    } catch (UnreadableException e) {
      // Its actions make the structure; the lines are all there is to see.
    }
  }

  /** Searches a piece line by line, and returns the lines that name images. */
  private static Set<Integer> readLines(ManifestFile file, int document, Piece piece, Sink sink) {
    Set<Integer> lines = new HashSet<>();
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
              lines.add(line);
              report(value, origin, certain, sink);
            })
        .read(TemplateText.withoutComments(piece.text()), piece.firstLine());
    return lines;
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

  private static void walk(
      ManifestFile file, int document, Node node, List<Rule> rules, Sink sink) {
    new ObjectWalker(rules, new Reports(sink, Parameters.of(node)))
        .walk(Place.document(file.path(), document, node), node);
  }
}
