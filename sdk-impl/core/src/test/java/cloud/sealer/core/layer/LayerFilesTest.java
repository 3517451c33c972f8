package cloud.sealer.core.layer;

import static cloud.sealer.core.layer.LayerFixture.directory;
import static cloud.sealer.core.layer.LayerFixture.file;
import static cloud.sealer.core.layer.LayerFixture.hardLink;
import static cloud.sealer.core.layer.LayerFixture.opaque;
import static cloud.sealer.core.layer.LayerFixture.symlink;
import static cloud.sealer.core.layer.LayerFixture.whiteout;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerFilesTest {
  @TempDir Path directory;
  private LayerFixture layers;

  @BeforeEach
  void open() {
    layers = new LayerFixture(directory.resolve("store"));
  }

  @AfterEach
  void close() {
    layers.close();
  }

  private Descriptor layer(FileTree.Entry... entries) {
    return layers.write(Compression.ZSTD, entries).descriptor();
  }

  private List<String> open(Descriptor... all) throws IOException {
    return open(LayerFiles.stored(List.of(all)));
  }

  private List<String> open(List<LayerFiles.Layer> all) throws IOException {
    List<String> seen = new ArrayList<>();
    RootfsPath wanted = RootfsPath.of("m");
    try (FileTree tree =
        LayerFiles.open(
            layers.store, all, path -> path.startsWith(wanted), layers.session.scratch())) {
      for (FileTree.Entry entry : tree.entries()) {
        FileTree.Content content = entry.content();
        String text = entry.target();
        if (content != null) {
          try (var in = content.open()) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).hasSize((int) entry.size());
          }
        }
        seen.add(entry.kind() + " " + entry.path() + " " + text);
      }
    }
    assertThat(layers.session.scratch()).isEmptyDirectory();
    return seen;
  }

  @Test
  void laterLayersWin() throws IOException {
    assertThat(
            open(
                layer(directory("m"), file("m/a", "1"), file("m/b", "1"), file("other", "1")),
                layer(file("m/a", "2"), whiteout("m/b"), symlink("m/c", "a"))))
        .containsExactly("DIRECTORY m ", "FILE m/a 2", "SYMLINK m/c a");
  }

  @Test
  void deletionsOfDirectoriesAndReplacementsApply() throws IOException {
    assertThat(
            open(
                layer(directory("m"), directory("m/d"), file("m/d/x", "1"), file("m/e", "1")),
                layer(opaque("m/d"), file("m/d/y", "2"), directory("m/e"))))
        .containsExactly("DIRECTORY m ", "DIRECTORY m/d ", "FILE m/d/y 2", "DIRECTORY m/e ");
    assertThat(open(layer(directory("m"), file("m/x", "1")), layer(whiteout("m")))).isEmpty();
    assertThat(open(layer(directory("m"), file("m/x", "1")), layer(file("m", "f"))))
        .containsExactly("FILE m f");
  }

  @Test
  void hardLinksToUnwantedFilesHaveTheirContent() throws IOException {
    assertThat(open(layer(file("blob", "text"), directory("m"), hardLink("m/l", "blob"))))
        .containsExactly("DIRECTORY m ", "FILE m/l text");
  }

  @Test
  void entriesAtHandStandForTheirLayerAndOnlyWantedOnesAreRead() throws IOException {
    List<String> opened = new ArrayList<>();
    FileTree.Entry large =
        FileTree.Entry.file(
            RootfsPath.of("bin/large"),
            0755,
            1,
            () -> {
              opened.add("bin/large");
              return InputStream.nullInputStream();
            });
    LayerFiles.Layer atHand =
        new LayerFiles.Entries(
            List.of(
                large,
                file("blob", "text"),
                directory("m"),
                file("m/a", "2"),
                hardLink("m/l", "blob")));

    assertThat(
            open(
                List.of(
                    new LayerFiles.Stored(
                        layer(directory("m"), file("m/a", "1"), file("m/b", "1"))),
                    atHand,
                    new LayerFiles.Stored(layer(whiteout("m/b"))))))
        .containsExactly("DIRECTORY m ", "FILE m/a 2", "FILE m/l text");
    assertThat(opened).isEmpty();
  }
}
