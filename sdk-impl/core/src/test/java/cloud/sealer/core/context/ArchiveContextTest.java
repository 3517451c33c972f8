package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveContextTest {
  @TempDir Path temp;

  private FileTree open(byte[] archive) throws IOException {
    Path file = Files.write(temp.resolve("named-without-a-suffix"), archive);
    return new Contexts(Clock.systemUTC())
        .open(BuildContext.archive(file), temp.resolve("scratch"));
  }

  private static byte[] tar(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (TarArchiveEntry entry : entries) {
        byte[] text = entry.getName().getBytes(StandardCharsets.UTF_8);
        entry.setSize(
            entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() ? text.length : 0);
        tar.putArchiveEntry(entry);
        if (entry.getSize() > 0) {
          tar.write(text);
        }
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static TarArchiveEntry file(String name, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
    entry.setMode(mode);
    return entry;
  }

  private static TarArchiveEntry link(String name, byte type, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setLinkName(target);
    return entry;
  }

  private static byte[] sample() throws IOException {
    TarArchiveEntry directory = new TarArchiveEntry("d/", TarConstants.LF_DIR, true);
    directory.setMode(0700);
    return tar(
        directory,
        file("d/run", 04755),
        file("./x/ü", 0640),
        link("a-name-before", TarConstants.LF_LINK, "d/run"),
        link("l", TarConstants.LF_SYMLINK, "/outside/is/fine"),
        file("d/" + "long/".repeat(60) + "name", 0644));
  }

  private static void assertSample(FileTree tree) throws IOException {
    List<Entry> entries = tree.entries();
    assertThat(entries.get(0).path()).isEqualTo(RootfsPath.of("a-name-before"));
    assertThat(entries.get(0).mode()).isEqualTo(04755);
    assertThat(ContextsTest.text(tree, "a-name-before")).isEqualTo("d/run");
    assertThat(entries.get(1)).isEqualTo(Entry.directory(RootfsPath.of("d"), 0700));
    assertThat(entries)
        .contains(
            Entry.hardLink(RootfsPath.of("d/run"), RootfsPath.of("a-name-before")),
            Entry.symlink(RootfsPath.of("l"), "/outside/is/fine"),
            Entry.directory(RootfsPath.of("x"), 0755));
    assertThat(ContextsTest.text(tree, "x/ü")).isEqualTo("./x/ü");
    assertThat(ContextsTest.text(tree, "d/" + "long/".repeat(60) + "name")).startsWith("d/long/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gzip", "zstd", "gzip in two members", "zstd in two frames"})
  void readsTarHoweverItIsCompressed(String compression) throws IOException {
    byte[] tar = sample();
    byte[] head = Arrays.copyOf(tar, 700);
    byte[] rest = Arrays.copyOfRange(tar, 700, tar.length);
    byte[] archive =
        switch (compression) {
          case "gzip" -> gzip(tar);
          case "zstd" -> Zstd.compress(tar);
          case "gzip in two members" -> join(gzip(head), gzip(rest));
          case "zstd in two frames" -> join(Zstd.compress(head), Zstd.compress(rest));
          default -> tar;
        };

    try (FileTree tree = open(archive)) {
      assertSample(tree);
    }
    try (var left = Files.list(temp.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @Test
  void readsZipWithModesAndLinks() throws IOException {
    byte[] zip = zip("bin/run", 0100755, "l", 0120777, "plain", 0);

    try (FileTree tree = open(zip)) {
      assertThat(tree.entries().get(0)).isEqualTo(Entry.directory(RootfsPath.of("bin"), 0755));
      assertThat(tree.entries().get(1).mode()).isEqualTo(0755);
      assertThat(ContextsTest.text(tree, "bin/run")).isEqualTo("bin/run");
      assertThat(tree.entries().get(2)).isEqualTo(Entry.symlink(RootfsPath.of("l"), "l"));
      assertThat(tree.entries().get(3).mode()).isEqualTo(0644);
    }
  }

  private static byte[] zip(Object... namesAndModes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      for (int i = 0; i < namesAndModes.length; i += 2) {
        ZipArchiveEntry entry = new ZipArchiveEntry((String) namesAndModes[i]);
        if ((int) namesAndModes[i + 1] != 0) {
          entry.setUnixMode((int) namesAndModes[i + 1]);
        }
        zip.putArchiveEntry(entry);
        zip.write(entry.getName().getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "../evil, ''",
    "a/../../evil, ''",
    "a/.., ''",
    "/etc/passwd, ''",
    "h, ../evil",
    "h, /etc/passwd",
    "h, a/../../evil"
  })
  void refusesAnEntryOutsideByName(String name, String hardLinkTarget) throws IOException {
    byte[] archive =
        hardLinkTarget.isEmpty()
            ? tar(file(name, 0644))
            : tar(link(name, TarConstants.LF_LINK, hardLinkTarget));

    assertEscapes(archive, name);
    if (hardLinkTarget.isEmpty()) {
      assertEscapes(zip(name, 0100644), name);
    }
  }

  @Test
  void refusesToWriteThroughALink() throws IOException {
    assertEscapes(
        tar(link("a", TarConstants.LF_SYMLINK, "/etc"), file("a/passwd", 0644)), "a/passwd");
    assertEscapes(tar(link("a", TarConstants.LF_SYMLINK, "b"), file("a/b/c", 0644)), "a/b");
    assertEscapes(zip("a", 0120777, "a/passwd", 0100644), "a/passwd");
  }

  private void assertEscapes(byte[] archive, String name) {
    assertThatThrownBy(() -> open(archive))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PATH_ESCAPES))
        .hasMessageContaining("\"" + name + "\"");
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  @Test
  void refusesADirectoryThatTurnsIntoALink() throws IOException {
    byte[] archive = tar(file("a/x", 0644), link("a", TarConstants.LF_SYMLINK, "/etc"));

    assertThatThrownBy(() -> open(archive))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("\"a\" is both a directory and something else");
  }

  @Test
  void theLaterOfTwoEntriesWinsButALinkKeepsWhatItNamed() throws IOException {
    TarArchiveEntry again = file("./a", 0600);
    try (FileTree tree = open(tar(file("a", 0644), link("b", TarConstants.LF_LINK, "a"), again))) {
      assertThat(ContextsTest.text(tree, "a")).isEqualTo("./a");
      assertThat(ContextsTest.text(tree, "b")).isEqualTo("a");
    }
  }

  @Test
  void aDeviceIsAnErrorOnlyWhenItIsCopied() throws IOException {
    TarArchiveEntry device = new TarArchiveEntry("dev/null", TarConstants.LF_CHR, true);
    try (FileTree tree = open(tar(device, file("a", 0644)))) {
      assertThat(CopySelection.select(tree, List.of("a"), ".")).hasSize(1);
      assertThatThrownBy(() -> CopySelection.select(tree, List.of("dev"), "."))
          .isInstanceOf(SealerException.class)
          .hasMessageContaining("\"dev/null\" is a pipe or device");
    }
  }

  @Test
  void anEntryThatClaimsMoreThanTheDiskHoldsIsRefusedBeforeItIsUnpacked() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
    TarArchiveEntry bomb = file("bomb", 0644);
    bomb.setSize(1L << 60);
    tar.putArchiveEntry(bomb);
    tar.write(new byte[4096]);
    tar.flush();

    assertThatThrownBy(() -> open(bytes.toByteArray()))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("more than there is room for");
  }

  @Test
  void everyCutOfAnArchiveIsReported() throws IOException {
    byte[] tar = sample();
    byte[] packed = Zstd.compress(tar);
    for (int end = 1; end < packed.length; end += 7) {
      byte[] cut = Arrays.copyOf(packed, end);
      assertThatThrownBy(() -> open(cut)).as("cut at %s", end).isInstanceOf(SealerException.class);
    }
    byte[] zipped = gzip(tar);
    for (int end = 1; end < zipped.length; end += 7) {
      byte[] cut = Arrays.copyOf(zipped, end);
      assertThatThrownBy(() -> open(cut)).as("cut at %s", end).isInstanceOf(SealerException.class);
    }
    byte[] inFirstFile = Arrays.copyOf(tar, 512 + 512 + 2);
    assertThatThrownBy(() -> open(inFirstFile)).isInstanceOf(SealerException.class);
  }

  @Test
  void damagedArchivesGiveNoOtherException() throws IOException {
    Random random = new Random(11);
    byte[][] archives = {sample(), zip("a/b", 0100755, "l", 0120777)};
    for (int round = 0; round < 400; round++) {
      byte[] bytes = archives[round % 2].clone();
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try (FileTree tree = open(bytes)) {
        assertThat(tree.entries()).allMatch(e -> !e.path().value().contains(".."));
      } catch (SealerException expected) {
        assertThat(expected).hasMessageContaining("named-without-a-suffix");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hello", "BZh91AY&SY"})
  void refusesWhatIsNoArchive(String text) {
    assertThatThrownBy(() -> open(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT))
        .hasMessageContaining("tar, tar.gz, tar.zst and zip can");
  }

  @Test
  void appliesTheIgnoreFileInTheArchive() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (String name : List.of("a", "b", ".dockerignore")) {
        byte[] text = "a\n".getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(text.length);
        tar.putArchiveEntry(entry);
        tar.write(text);
        tar.closeArchiveEntry();
      }
    }
    try (FileTree tree = open(bytes.toByteArray())) {
      assertThat(tree.entries().stream().map(e -> e.path().value()))
          .containsExactly(".dockerignore", "b");
    }
  }

  @Test
  void readsAZipByItsVfsLocationWithNamesAsTheyAre() throws IOException {
    Path zip = Files.write(temp.resolve("c.zip"), zip("in/x%41", 0100755, "in/a b/ü", 0, "out", 0));

    try (FileTree tree = location("zip:" + zip.toUri() + "!/in")) {
      assertThat(tree.entries().stream().map(e -> e.path().value()))
          .containsExactly("a b", "a b/ü", "x%41");
      assertThat(tree.entries().get(2).mode()).isEqualTo(0644);
      assertThat(ContextsTest.text(tree, "x%41")).isEqualTo("in/x%41");
    }
    assertThat(temp.resolve("scratch")).isEmptyDirectory();
  }

  private FileTree location(String uri) {
    return new Contexts(Clock.systemUTC())
        .open(BuildContext.location(java.net.URI.create(uri)), temp.resolve("scratch"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ram:///x", "tgz:file:///x.tgz", "https://h/dir/", "tmp:///x"})
  void saysWhatToUseInsteadOfALocationThatCannotWork(String uri) {
    assertThatThrownBy(() -> location(uri))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT);
              assertThat(e.remedy()).isNotEmpty();
            });
  }

  @Test
  void refusesALocationThatIsNotThereWithoutItsPassword() throws IOException {
    Path zip = Files.write(temp.resolve("evil.zip"), zip("a/../../evil", 0100644, "ok", 0));
    assertThatThrownBy(() -> location("zip:" + zip.toUri())).isInstanceOf(SealerException.class);
    assertThatThrownBy(() -> location("zip:" + temp.resolve("none.zip").toUri()))
        .isInstanceOf(SealerException.class);
    assertThatThrownBy(() -> location("sftp://user:secret@host/dir"))
        .isInstanceOf(SealerException.class)
        .hasMessageNotContaining("secret");
  }
}
