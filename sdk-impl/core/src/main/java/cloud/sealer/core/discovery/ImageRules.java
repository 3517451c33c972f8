package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules as data: the ones that come with the SDK ({@code image-rules.yaml} beside this class, which
 * explains the format) and the user's in {@code manifests/imageRules}.
 *
 * <p>The user's file has no extension, like {@code manifests/imageList}, so that {@code kubectl
 * apply -f manifests} passes over it.
 *
 * @param list the rules, the user's first
 */
record ImageRules(List<ImageRule> list) {
  static final RootfsPath FILE = ManifestDiscoverer.DIRECTORY.resolve("imageRules");

  private static final Set<String> KEYS =
      Set.of(
          "group", "kind", "name", "at", "images", "ignore", "suspect", "hidden", "mention", "like",
          "because");

  /** The rules that come with the SDK. */
  static ImageRules builtIn() {
    InputStream in = ImageRules.class.getResourceAsStream("image-rules.yaml");
    if (in == null) {
      throw new IllegalStateException("image-rules.yaml is missing");
    }
    try (Reader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return read(text, "image-rules.yaml");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** These rules after the ones in the file of the user, if there is one. */
  ImageRules withFileOf(FileTree files) {
    return ManifestFile.at(files, FILE)
        .map(file -> file.read(text -> read(text, FILE.value())))
        .map(own -> new ImageRules(Stream.concat(own.list.stream(), list.stream()).toList()))
        .orElse(this);
  }

  private static ImageRules read(Reader text, String file) throws IOException {
    LineReader lines = new LineReader(text);
    StringBuilder all = new StringBuilder();
    for (String line = lines.next(); line != null; line = lines.next()) {
      all.append(line).append('\n');
      if (all.length() > DocumentSplitter.MAX_LENGTH) {
        throw invalid(file, lines.number(), "the file is too long");
      }
    }
    List<ImageRule> rules = new ArrayList<>();
    try {
      for (Node document : new YamlReader().read(all.toString(), 1)) {
        for (Node entry : list(document)) {
          rules.add(rule(entry, file));
        }
      }
    } catch (UnreadableException e) {
      throw invalid(file, 0, String.valueOf(e.getMessage()));
    }
    return new ImageRules(List.copyOf(rules));
  }

  private static ImageRule rule(Node node, String file) {
    if (!(node instanceof Node.Mapping mapping)) {
      throw invalid(
          file, node.line(), "a rule is a mapping with \"kind\" and \"images\" or \"ignore\"");
    }
    for (Map.Entry<String, Node> entry : mapping.values().entrySet()) {
      if (!KEYS.contains(entry.getKey())) {
        throw invalid(
            file,
            entry.getValue().line(),
            "unknown key \""
                + entry.getKey()
                + "\"; a rule has "
                + String.join(", ", KEYS.stream().sorted().toList()));
      }
    }
    try {
      ImageRule rule =
          new ImageRule(
              mapping.text("group"),
              texts(mapping.values().get("kind")),
              mapping.text("name").isEmpty() ? null : glob(mapping.text("name")),
              mapping.text("at").isEmpty() ? null : RulePath.of(mapping.text("at")),
              list(mapping.values().get("images")).stream()
                  .map(image -> texts(image).stream().map(ImageTemplate::of).toList())
                  .toList(),
              paths(mapping.values().get("ignore")),
              paths(mapping.values().get("suspect")),
              mapping.text("hidden"),
              mention(mapping));
      if (rule.kinds().isEmpty() && rule.group().isEmpty()) {
        throw invalid(file, node.line(), "a rule needs a \"kind\" or a \"group\"");
      }
      if (rule.isEmpty()) {
        throw invalid(
            file,
            node.line(),
            "a rule needs \"images\", \"ignore\", \"suspect\", \"hidden\" or \"mention\"");
      }
      return rule;
    } catch (IllegalArgumentException e) {
      throw invalid(file, node.line(), String.valueOf(e.getMessage()));
    }
  }

  private static ImageRule.@Nullable Mention mention(Node.Mapping rule) {
    List<List<RulePath>> paths =
        list(rule.values().get("mention")).stream().map(ImageRules::paths).toList();
    if (paths.isEmpty()) {
      return null;
    }
    if (rule.text("because").isEmpty()) {
      throw new IllegalArgumentException("a rule with \"mention\" needs \"because\"");
    }
    List<Pattern> like = texts(rule.values().get("like")).stream().map(ImageRules::glob).toList();
    return new ImageRule.Mention(paths, like, rule.text("because"));
  }

  private static List<Node> list(@Nullable Node node) {
    if (node instanceof Node.Sequence sequence) {
      return sequence.items();
    }
    return node == null || (node instanceof Node.Scalar scalar && scalar.isEmpty())
        ? List.of()
        : List.of(node);
  }

  private static List<String> texts(@Nullable Node node) {
    List<String> texts = new ArrayList<>();
    for (Node item : list(node)) {
      if (!(item instanceof Node.Scalar scalar) || scalar.isEmpty()) {
        throw new IllegalArgumentException("a text is needed in line " + item.line());
      }
      texts.add(scalar.text().strip());
    }
    return texts;
  }

  private static List<RulePath> paths(@Nullable Node node) {
    return texts(node).stream().map(RulePath::of).toList();
  }

  private static Pattern glob(String text) {
    return Pattern.compile(
        Stream.of(text.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*")));
  }

  private static SealerException invalid(String file, int line, String problem) {
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT, file + (line > 0 ? ":" + line : "") + ": " + problem)
        .remedy(
            "Write each rule like: - {group: postgresql.cnpg.io, kind: Cluster, images: [spec.imageName]}")
        .detail("file", file)
        .build();
  }
}
