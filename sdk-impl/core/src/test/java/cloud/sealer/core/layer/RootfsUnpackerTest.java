package cloud.sealer.core.layer;

import static cloud.sealer.core.layer.LayerFixture.directory;
import static cloud.sealer.core.layer.LayerFixture.file;
import static cloud.sealer.core.layer.LayerFixture.hardLink;
import static cloud.sealer.core.layer.LayerFixture.opaque;
import static cloud.sealer.core.layer.LayerFixture.symlink;
import static cloud.sealer.core.layer.LayerFixture.whiteout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RootfsUnpackerTest {
  @TempDir Path directory;
  private LayerFixture layers;
  private Path rootfs;

  @BeforeEach
  void open() throws IOException {
    layers = new LayerFixture(directory.resolve("store"));
    rootfs = Files.createDirectory(directory.resolve("rootfs"));
  }

  @AfterEach
  void close() {
    layers.close();
  }

  private void apply(FileTree.Entry... entries) {
    WrittenLayer layer = layers.write(Compression.ZSTD, entries);
    new RootfsUnpacker(layers.store, rootfs).apply(layer.descriptor(), layer.diffId(), layers.task);
  }

  private void applyRaw(byte[] tar) throws IOException {
    Descriptor layer = layers.store(tar);
    new RootfsUnpacker(layers.store, rootfs).apply(layer, null, layers.task);
  }

  private List<String> tree() throws IOException {
    try (Stream<Path> files = Files.walk(rootfs)) {
      return files
          .filter(file -> !file.equals(rootfs))
          .map(file -> rootfs.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  private int mode(String path) throws IOException {
    return (Integer)
            Files.getAttribute(rootfs.resolve(path), "unix:mode", LinkOption.NOFOLLOW_LINKS)
        & 07777;
  }

  @Test
  void keepsModesLinksTimesAndEmptyDirectories() throws IOException {
    apply(
        FileTree.Entry.directory(RootfsPath.of("closed"), 01555),
        file("closed/su", 04711, "#!"),
        hardLink("closed/su2", "closed/su"),
        directory("empty"),
        symlink("link", "closed/su"));

    assertThat(tree()).containsExactly("closed", "closed/su", "closed/su2", "empty", "link");
    assertThat(mode("closed")).isEqualTo(01555);
    assertThat(mode("closed/su")).isEqualTo(04711);
    assertThat(Files.isSameFile(rootfs.resolve("closed/su"), rootfs.resolve("closed/su2")))
        .isTrue();
    assertThat(Files.readSymbolicLink(rootfs.resolve("link"))).hasToString("closed/su");
    assertThat(Files.getLastModifiedTime(rootfs.resolve("closed")).toMillis()).isZero();

    apply(file("closed/more", "x"));
    assertThat(mode("closed")).isEqualTo(01555);
  }

  @Test
  void laterLayersReplaceAndDelete() throws IOException {
    apply(
        directory("a"),
        file("a/one", "1"),
        file("a/two", "2"),
        directory("b"),
        file("b/deep/x", "x"),
        file("c", "c"),
        symlink("d", "a"),
        directory("e"),
        file("e/f", "f"));
    apply(
        whiteout("a/one"),
        whiteout("absent/x"),
        opaque("b"),
        file("b/new", "n"),
        directory("c"),
        directory("d"),
        file("d/in", "i"),
        file("e", "now a file"));

    assertThat(tree()).containsExactly("a", "a/two", "b", "b/new", "c", "d", "d/in", "e");
    assertThat(rootfs.resolve("d")).isDirectory().isNotEqualTo(rootfs.resolve("a"));
    assertThat(rootfs.resolve("e")).hasContent("now a file");
  }

  @Test
  void aDeletionConcernsLowerLayersOnly() throws IOException {
    apply(directory("d"), file("d/lower", "x"), file("f", "lower"));
    applyRaw(
        new LayerFixture.EvilTar()
            .add('5', "d/", "", "")
            .add('0', "d/new", "", "n")
            .add('0', "f", "", "new")
            .add('0', ".wh.d", "", "")
            .add('0', ".wh.f", "", "")
            .add('0', "g/h", "", "")
            .add('0', "g/.wh..wh..opq", "", "")
            .end());

    assertThat(tree()).containsExactly("d", "d/new", "f", "g", "g/h");
    assertThat(rootfs.resolve("f")).hasContent("new");
  }

  @Test
  void linksAboveAnEntryLeadToPlacesInside() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    apply(
        symlink("absolute", outside.toString()),
        symlink("up", "../../../../../.." + outside),
        directory("usr"),
        symlink("bin", "usr/bin"));
    apply(file("absolute/a", "a"), file("up/b", "b"), file("bin/c", "c"));

    assertThat(outside).isEmptyDirectory();
    assertThat(rootfs.resolve(outside.toString().substring(1) + "/a")).hasContent("a");
    assertThat(rootfs.resolve(outside.toString().substring(1) + "/b")).hasContent("b");
    assertThat(rootfs.resolve("usr/bin/c")).hasContent("c");
    assertThat(Files.isSymbolicLink(rootfs.resolve("bin"))).isTrue();
  }

  @Test
  void aLinkIsReplacedAndNotWrittenThrough() throws IOException {
    Path victim = Files.writeString(directory.resolve("victim"), "safe");
    apply(symlink("f", victim.toString()), symlink("d", directory.toString()));
    apply(file("f", "evil"), whiteout("d"));

    assertThat(victim).hasContent("safe");
    assertThat(directory.resolve("store")).exists();
    assertThat(rootfs.resolve("f")).hasContent("evil");
  }

  @Test
  void aDeletionDoesNotFollowLinksOut() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("f"), "safe");
    apply(symlink("d", outside.toString()));
    applyRaw(
        new LayerFixture.EvilTar()
            .add('0', "d/.wh.f", "", "")
            .add('0', "d/.wh..wh..opq", "", "")
            .end());

    assertThat(outside.resolve("f")).hasContent("safe");
  }

  static Stream<Arguments> evil() {
    return Stream.of(
        Arguments.of("zip slip", new LayerFixture.EvilTar().add('0', "../evil", "", "x").end()),
        Arguments.of(
            "deep slip", new LayerFixture.EvilTar().add('0', "a/../../evil", "", "x").end()),
        Arguments.of("absolute", new LayerFixture.EvilTar().add('0', "/tmp/evil", "", "x").end()),
        Arguments.of("slip dir", new LayerFixture.EvilTar().add('5', "../evil/", "", "").end()),
        Arguments.of(
            "hard link up", new LayerFixture.EvilTar().add('1', "l", "../victim", "").end()),
        Arguments.of(
            "hard link absolute",
            new LayerFixture.EvilTar().add('1', "l", "/etc/passwd", "").end()),
        Arguments.of(
            "whiteout of itself", new LayerFixture.EvilTar().add('0', "a/.wh..", "", "").end()),
        Arguments.of("whiteout up", new LayerFixture.EvilTar().add('0', "a/.wh...", "", "").end()),
        Arguments.of(
            "empty whiteout", new LayerFixture.EvilTar().add('0', "a/.wh.", "", "").end()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("evil")
  void refusesWhatLeavesTheRoot(String name, byte[] tar) throws IOException {
    Path victim = Files.writeString(directory.resolve("victim"), "safe");

    assertThatThrownBy(() -> applyRaw(tar))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_ESCAPES));
    assertThat(tree()).isEmpty();
    assertThat(directory.resolve("evil")).doesNotExist();
    assertThat(victim).hasContent("safe");
  }

  @Test
  void aHardLinkThroughALinkStaysInside() throws IOException {
    Files.writeString(directory.resolve("victim"), "safe");
    apply(symlink("out", directory.toString()));

    assertThatThrownBy(() -> apply(hardLink("x", "out/victim")))
        .hasMessageContaining("hard link to out/victim");
    assertThat(rootfs.resolve("x")).doesNotExist();
  }

  @Test
  void linksInACircleAndFilesAboveEntriesAreRefused() {
    apply(symlink("a", "b"), symlink("b", "a"), file("f", ""));

    assertThatThrownBy(() -> apply(file("a/x", "")))
        .hasMessageContaining("too many symbolic links");
    assertThatThrownBy(() -> apply(file("f/x", ""))).hasMessageContaining("f is not a directory");
  }

  @Test
  void devicesAreLeftOutWithANotice() throws IOException {
    applyRaw(
        new LayerFixture.EvilTar()
            .add('3', "null", "", "")
            .add('6', "pipe", "", "")
            .add('0', "f", "", "")
            .end());
    layers.close();

    assertThat(tree()).containsExactly("f");
    assertThat(layers.events.stream().filter(Event.Notice.class::isInstance)).hasSize(2);
  }

  @Test
  void aForeignOwnersSetUidIsDropped() throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("su");
    entry.setUserId(1234);
    entry.setMode(0104755);
    entry.setSize(1);
    applyRaw(LayerFixture.foreignTar(entry, new byte[1]));

    assertThat(mode("su")).isEqualTo(0755);
  }

  @Test
  void aDamagedLayerIsNotedAtTheEnd() throws IOException {
    WrittenLayer layer = layers.write(Compression.NONE, file("f", "text"));

    assertThatThrownBy(
            () ->
                new RootfsUnpacker(layers.store, rootfs)
                    .apply(
                        new Descriptor(
                            layer.descriptor().mediaType(),
                            layer.descriptor().digest(),
                            layer.descriptor().size() + 1),
                        null,
                        layers.task))
        .isInstanceOf(SealerException.class);
  }
}
