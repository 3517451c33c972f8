package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Checks an {@link ImageDiscoverer} with files it understands. */
public abstract class ImageDiscovererTck {
  /** For subclasses. */
  protected ImageDiscovererTck() {}

  /**
   * The discoverer to check.
   *
   * @return a discoverer
   */
  protected abstract ImageDiscoverer discoverer();

  /**
   * Files in which it finds images.
   *
   * @return the text of each file, by path in the rootfs
   */
  protected abstract Map<String, String> files();

  /**
   * The images that stand in the files.
   *
   * @return all of them, as docker would name them
   */
  protected abstract Set<String> images();

  /** Keeps what was reported. */
  private static final class Findings implements ImageDiscoverer.Sink {
    private final Set<Reference> found = new TreeSet<>();
    private final List<ImageOrigin> origins = new ArrayList<>();

    @Override
    public void found(Reference image, ImageOrigin origin) {
      found.add(image);
      origins.add(origin);
    }

    @Override
    public void suspected(String text, ImageOrigin origin, String reason) {
      assertThat(reason).isNotBlank();
      origins.add(origin);
    }

    @Override
    public void unresolved(String text, ImageOrigin origin, String reason) {
      assertThat(reason).isNotBlank();
      origins.add(origin);
    }
  }

  private static FileTree tree(Map<String, byte[]> files) {
    TreeMap<RootfsPath, FileTree.Entry> entries = new TreeMap<>();
    files.forEach(
        (name, bytes) -> {
          RootfsPath path = RootfsPath.of(name);
          FileTree.Content content = () -> new ByteArrayInputStream(bytes);
          entries.put(path, FileTree.Entry.file(path, 0644, bytes.length, content));
          for (RootfsPath up = path.parent(); !up.isRoot(); up = up.parent()) {
            entries.put(up, FileTree.Entry.directory(up, 0755));
          }
        });
    List<FileTree.Entry> sorted = List.copyOf(entries.values());
    return () -> sorted;
  }

  private Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new TreeMap<>();
    files().forEach((path, text) -> contents.put(path, text.getBytes(UTF_8)));
    return contents;
  }

  private static Findings discover(ImageDiscoverer discoverer, FileTree tree) {
    Findings findings = new Findings();
    discoverer.discover(tree, findings);
    return findings;
  }

  private Set<Reference> expected() {
    Set<Reference> references = new TreeSet<>();
    images().forEach(image -> references.add(Reference.parse(image)));
    return references;
  }

  @Test
  void findsTheImages() {
    assertThat(discover(discoverer(), tree(contents())).found).isEqualTo(expected());
  }

  @Test
  void originsNameFilesAndRules() {
    Findings findings = discover(discoverer(), tree(contents()));
    assertThat(findings.origins)
        .isNotEmpty()
        .allSatisfy(
            origin -> {
              assertThat(contents()).containsKey(origin.file().value());
              assertThat(origin.rule()).isNotBlank();
            });
  }

  @Test
  void findsTheSameAgain() {
    ImageDiscoverer discoverer = discoverer();
    List<ImageOrigin> first = discover(discoverer, tree(contents())).origins;
    assertThat(discover(discoverer, tree(contents())).origins).isEqualTo(first);
  }

  @Test
  void findsNothingInNothing() {
    assertThat(discover(discoverer(), tree(Map.of())).origins).isEmpty();
  }

  @Test
  void foreignFilesDoNoHarm() {
    Map<String, byte[]> contents = contents();
    byte[] junk = new byte[2000];
    new Random(1).nextBytes(junk);
    contents.put("bin/junk", junk);
    contents.put("etc/empty", new byte[0]);
    contents.put("ü/" + "x".repeat(200), "image: \0".getBytes(UTF_8));
    assertThat(discover(discoverer(), tree(contents)).found).containsAll(expected());
  }

  @Test
  void unreadableFileIsAFailure() {
    List<FileTree.Entry> entries = new ArrayList<>();
    for (FileTree.Entry entry : tree(contents()).entries()) {
      FileTree.Content broken =
          () -> {
            throw new IOException("broken on purpose");
          };
      entries.add(
          entry.kind() == FileTree.Kind.FILE
              ? FileTree.Entry.file(entry.path(), entry.mode(), entry.size(), broken)
              : entry);
    }
    Tck.failure(() -> discover(discoverer(), () -> entries));
  }

  @Test
  void threadsShareADiscoverer() throws Exception {
    ImageDiscoverer shared = discoverer();
    assertThat(Tck.atOnce(8, () -> discover(shared, tree(contents())).found))
        .containsOnly(expected());
  }
}
