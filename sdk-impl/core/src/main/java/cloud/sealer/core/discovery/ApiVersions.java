package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.DocumentSplitter.Piece;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The API versions that a rootfs brings into its cluster beside those of Kubernetes: what the
 * CustomResourceDefinitions below {@code manifests/}, {@code etc/} and in {@code crds/} of charts,
 * unpacked or packed, say they serve. Those that only a template gives are not among them.
 */
public final class ApiVersions {
  private static final RootfsPath CHARTS = RootfsPath.of("charts");
  private static final RootfsPath ETC = RootfsPath.of("etc");
  private static final String KIND = "CustomResourceDefinition";
  private static final Pattern MANIFEST = Pattern.compile(".*\\.(?:ya?ml|json)");
  private static final Pattern PACKED = Pattern.compile(".*\\.(?:tgz|tar\\.gz)");
  private static final Pattern CRD = Pattern.compile("(?:.*/)?crds/.*\\.(?:ya?ml|json)");
  private static final Pattern TEMPLATE = Pattern.compile("(?:.*/)?templates/.*");
  private static final int MAX_DEPTH = 8;
  private static final int MAX_FILE = 32 << 20;

  private final YamlReader yaml = new YamlReader();
  private final TreeSet<String> versions = new TreeSet<>();

  private ApiVersions() {}

  /**
   * The versions, if a chart among the new files asks for any; finding them may mean reading all
   * layers of a base.
   *
   * @param files the new files of the rootfs
   * @param all opens all its files, those of the base included; closed here
   * @return such as {@code monitoring.coreos.com/v1} and {@code
   *     monitoring.coreos.com/v1/ServiceMonitor}, sorted
   */
  public static List<String> askedFor(FileTree files, Supplier<FileTree> all) {
    if (!areAskedFor(files)) {
      return List.of();
    }
    try (FileTree tree = all.get()) {
      return of(tree);
    }
  }

  /** The versions that files bring, sorted, if a chart among them asks for any. */
  public static List<String> askedFor(FileTree files) {
    return areAskedFor(files) ? of(files) : List.of();
  }

  /** Whether a file can tell of versions. */
  public static boolean isWanted(RootfsPath path) {
    return path.startsWith(CHARTS)
        || path.startsWith(ManifestDiscoverer.DIRECTORY)
        || path.startsWith(ETC);
  }

  private static boolean areAskedFor(FileTree files) {
    boolean[] asked = {false};
    for (ManifestFile file : ManifestFile.below(files, CHARTS)) {
      if (!asked[0]) {
        visit(
            file,
            TEMPLATE,
            text -> {
              LineReader lines = new LineReader(text);
              for (String line = lines.next(); line != null; line = lines.next()) {
                asked[0] |= line.contains("APIVersions");
              }
            });
      }
    }
    return asked[0];
  }

  private static List<String> of(FileTree files) {
    ApiVersions found = new ApiVersions();
    for (RootfsPath directory : List.of(ManifestDiscoverer.DIRECTORY, ETC)) {
      for (ManifestFile file : ManifestFile.below(files, directory)) {
        if (MANIFEST.matcher(file.path().value()).matches()) {
          file.read(text -> found.read(text));
        }
      }
    }
    for (ManifestFile file : ManifestFile.below(files, CHARTS)) {
      visit(file, CRD, found::read);
    }
    return List.copyOf(found.versions);
  }

  /** Something to do with a text. */
  @FunctionalInterface
  private interface Use {
    void read(Reader text) throws IOException;
  }

  private static void visit(ManifestFile file, Pattern wanted, Use use) {
    if (PACKED.matcher(file.path().value()).matches()) {
      try (InputStream in = file.content().open()) {
        visit(in, 0, wanted, use);
      } catch (IOException e) {
        return; // no chart; whoever renders it says so
      }
    } else if (wanted.matcher(file.path().value()).matches()) {
      file.read(
          text -> {
            use.read(text);
            return true;
          });
    }
  }

  private static void visit(InputStream packed, int depth, Pattern wanted, Use use)
      throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(packed));
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (!entry.isFile() || entry.getSize() > MAX_FILE) {
        continue;
      }
      if (PACKED.matcher(entry.getName()).matches() && depth < MAX_DEPTH) {
        visit(new ByteArrayInputStream(tar.readAllBytes()), depth + 1, wanted, use);
      } else if (wanted.matcher(entry.getName()).matches()) {
        use.read(new InputStreamReader(tar, StandardCharsets.UTF_8));
      }
    }
  }

  private boolean read(Reader text) throws IOException {
    DocumentSplitter splitter = new DocumentSplitter(text);
    for (Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
      if (piece.whole() && piece.text().contains(KIND)) {
        objects(piece).forEach(this::add);
      }
    }
    return true;
  }

  private List<Node> objects(Piece piece) {
    try {
      return yaml.read(piece.text(), piece.firstLine());
    } catch (UnreadableException e) {
      return List.of(); // discovery tells of it
    }
  }

  private void add(Node object) {
    if (!(object instanceof Node.Mapping mapping)) {
      return;
    }
    if (mapping.values().get("items") instanceof Node.Sequence items) {
      items.items().forEach(this::add);
    }
    if (!mapping.text("kind").equals(KIND)
        || !(mapping.values().get("spec") instanceof Node.Mapping spec)) {
      return;
    }
    String kind =
        spec.values().get("names") instanceof Node.Mapping names ? names.text("kind") : "";
    if (spec.values().get("versions") instanceof Node.Sequence list) {
      list.items().forEach(item -> add(spec.text("group"), item, kind));
    } else {
      add(spec.text("group"), spec.text("version"), kind);
    }
  }

  private void add(String group, Node item, String kind) {
    boolean served =
        item instanceof Node.Mapping version
            && !(version.values().get("served") instanceof Node.Scalar value
                && value.text().equals("false"));
    if (served) {
      add(group, ((Node.Mapping) item).text("name"), kind);
    }
  }

  private void add(String group, String version, String kind) {
    if (!group.isEmpty() && !version.isEmpty()) {
      versions.add(group + "/" + version);
      if (!kind.isEmpty()) {
        versions.add(group + "/" + version + "/" + kind);
      }
    }
  }
}
