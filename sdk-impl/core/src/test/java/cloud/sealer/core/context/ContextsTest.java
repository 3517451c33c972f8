package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContextsTest {
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

  @TempDir Path temp;

  private Path file(String path, String text) throws IOException {
    Path file = temp.resolve("ctx").resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private FileTree open(Clock clock) {
    return new Contexts(clock)
        .open(BuildContext.directory(temp.resolve("ctx")), temp.resolve("scratch"));
  }

  private static List<String> paths(FileTree tree) {
    return tree.entries().stream().map(e -> e.path().value()).toList();
  }

  private static Entry entry(FileTree tree, String path) {
    Optional<Entry> found =
        tree.entries().stream().filter(e -> e.path().value().equals(path)).findFirst();
    return found.orElseThrow();
  }

  @Test
  void readsModesLinksAndEmptyDirectories() throws IOException {
    Path run = file("bin/run.sh", "#!/bin/sh\n");
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-x--x"));
    Path empty = Files.createDirectories(temp.resolve("ctx/empty"));
    Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rwx------"));
    Files.createSymbolicLink(temp.resolve("ctx/broken"), Path.of("no/such/../file"));
    Files.createSymbolicLink(temp.resolve("ctx/bin/round"), Path.of(".."));
    Files.createSymbolicLink(temp.resolve("ctx/self"), Path.of("self"));
    file("with space and ü", "x");

    try (FileTree tree = open(LATER)) {
      assertThat(paths(tree))
          .containsExactly(
              "bin", "bin/round", "bin/run.sh", "broken", "empty", "self", "with space and ü");
      assertThat(entry(tree, "bin/run.sh").mode()).isEqualTo(0751);
      assertThat(entry(tree, "bin/run.sh").size()).isEqualTo(10);
      assertThat(entry(tree, "empty")).isEqualTo(Entry.directory(RootfsPath.of("empty"), 0700));
      assertThat(entry(tree, "broken").target()).isEqualTo("no/such/../file");
      assertThat(entry(tree, "bin/round").kind()).isEqualTo(Kind.SYMLINK);
    }
  }

  @Test
  void vouchesForAFileByItsTimesOnlyWhenTheyAreOldEnough() throws IOException {
    Path a = file("a", "one");
    try (FileTree young = open(Clock.systemUTC());
        FileTree settled = open(LATER);
        FileTree again = open(LATER)) {
      assertThat(entry(young, "a").stamp()).isNull();
      assertThat(entry(settled, "a").stamp()).isNotNull().isEqualTo(entry(again, "a").stamp());
      var time = Files.getLastModifiedTime(a);
      Files.writeString(a, "two");
      Files.setLastModifiedTime(a, time);
    }
    try (FileTree changed = open(LATER)) {
      assertThat(entry(changed, "a").stamp()).isNotNull();
    }
  }

  @Test
  void aChangedFileHasAnotherStampThoughSizeAndTimeAreTheSame() throws Exception {
    Path a = file("a", "one");
    Object stamp;
    try (FileTree before = open(LATER)) {
      stamp = entry(before, "a").stamp();
    }
    var time = Files.getLastModifiedTime(a);
    Thread.sleep(20);
    Files.writeString(a, "two");
    Files.setLastModifiedTime(a, time);

    try (FileTree after = open(LATER)) {
      assertThat(entry(after, "a").stamp()).isNotEqualTo(stamp);
    }
  }

  @Test
  void leavesOutWhatTheIgnoreFileSays() throws IOException {
    file(".kubefileignore", "node\n*.log\n!node/keep/this\n.kubefileignore\nKubefile\n");
    file(".dockerignore", "*");
    file("Kubefile", "FROM scratch");
    file("a.log", "");
    file("b", "");
    file("node/x", "");
    file("node/keep/this", "");
    file("node/keep/other", "");

    try (FileTree tree = open(LATER)) {
      assertThat(paths(tree))
          .containsExactly(".dockerignore", "b", "node", "node/keep", "node/keep/this");
    }
  }

  @Test
  void fallsBackToDockerignore() throws IOException {
    file(".dockerignore", "a\n");
    file("a/b", "");
    file("c", "");

    try (FileTree tree = open(LATER)) {
      assertThat(paths(tree)).containsExactly(".dockerignore", "c");
      assertThatThrownBy(() -> CopySelection.select(tree, List.of("a/b"), "."))
          .isInstanceOfSatisfying(
              SealerException.class,
              e -> assertThat(e.remedy()).contains("left out by line 1 of .dockerignore (a)"));
    }
  }

  @Test
  void aFetchedTreeHasNoIgnoreFile() throws IOException {
    file(".dockerignore", "*");
    file("a", "");

    try (FileTree tree = new Contexts(LATER).openFetched(temp.resolve("ctx"))) {
      assertThat(paths(tree)).containsExactly(".dockerignore", "a");
    }
  }

  @Test
  void aSocketIsAnErrorOnlyWhenItIsCopied() throws IOException {
    file("d/a", "x");
    file("b", "x");
    Path socket = temp.resolve("ctx/d/s");
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(socket));
      try (FileTree tree = open(LATER)) {
        assertThat(CopySelection.select(tree, List.of("b", "d/a"), ".")).hasSize(2);
        for (String source : List.of(".", "d", "d/s", "d/*")) {
          assertThatThrownBy(() -> CopySelection.select(tree, List.of(source), "."))
              .isInstanceOf(SealerException.class)
              .hasMessageContaining("\"d/s\" is a socket");
        }
      }
    }
  }

  @Test
  void namesTheFileThatCannotBeRead() throws IOException {
    Path secret = file("d/secret", "x");
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    Path gone = file("gone", "x");
    try (FileTree tree = open(LATER)) {
      Files.delete(gone);
      assertUnreadable(tree, "gone", "disappeared");
      assumeTrue(!Files.isReadable(secret), "runs as root, who may read everything");
      assertUnreadable(tree, "d/secret", "may not read");
    }
  }

  private static void assertUnreadable(FileTree tree, String path, String why) {
    FileTree.Content content = entry(tree, path).content();
    assertThat(content).isNotNull();
    assertThatThrownBy(content::open)
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT))
        .hasMessageContaining("\"" + path + "\"")
        .hasMessageContaining(why);
  }

  @Test
  void aFileThatBecameALinkIsNotFollowed() throws IOException {
    Path a = file("a", "x");
    try (FileTree tree = open(LATER)) {
      Files.delete(a);
      Files.createSymbolicLink(a, temp.resolve("elsewhere"));
      Files.writeString(temp.resolve("elsewhere"), "secret");
      FileTree.Content content = entry(tree, "a").content();
      assertThat(content).isNotNull();
      assertThatThrownBy(content::open).isInstanceOf(IOException.class);
    }
  }

  @Test
  void opensADirectoryByItsFileLocationAsOne() throws IOException {
    file("x%41", "raw");
    Files.createSymbolicLink(temp.resolve("ctx/l"), Path.of("x%41"));

    try (FileTree tree =
        new Contexts(LATER)
            .open(BuildContext.location(temp.resolve("ctx").toUri()), temp.resolve("s"))) {
      assertThat(paths(tree)).containsExactly("l", "x%41");
      assertThat(entry(tree, "l").kind()).isEqualTo(Kind.SYMLINK);
    }
  }

  @Test
  void refusesWhatIsNoDirectory() throws IOException {
    Path plain = file("plain", "");
    for (Path bad : List.of(plain, temp.resolve("missing"))) {
      assertThatThrownBy(
              () -> new Contexts(LATER).open(BuildContext.directory(bad), temp.resolve("s")))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT))
          .hasMessageContaining(bad.toString());
    }
  }

  @Test
  void checksAGivenTree() {
    Entry a = Entry.symlink(RootfsPath.of("a"), "b");
    Entry b = Entry.symlink(RootfsPath.of("b"), "a");
    assertRefused(List.of(b, a), "sorted and unique");
    assertRefused(List.of(a, a), "sorted and unique");
    assertRefused(List.of(a, Entry.symlink(RootfsPath.of("a/x"), "y")), "through the link");
    assertRefused(List.of(Entry.whiteout(RootfsPath.of("a"))), "deletion");
    assertRefused(
        List.of(Entry.hardLink(RootfsPath.of("a"), RootfsPath.of("z"))), "no earlier file");
  }

  private void assertRefused(List<Entry> entries, String why) {
    assertThatThrownBy(
            () -> new Contexts(LATER).open(BuildContext.of(() -> entries), temp.resolve("s")))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining(why);
  }

  @Test
  void doesNotCloseAGivenTree() {
    boolean[] closed = new boolean[1];
    FileTree given =
        new FileTree() {
          @Override
          public List<Entry> entries() {
            return List.of();
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };

    new Contexts(LATER).open(BuildContext.of(given), temp.resolve("s")).close();

    assertThat(closed[0]).isFalse();
  }

  @Test
  void anInterruptStopsReading() throws IOException {
    file("a", "x");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> open(LATER))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  static String text(FileTree tree, String path) throws IOException {
    FileTree.Content content = entry(tree, path).content();
    assertThat(content).isNotNull();
    try (var in = content.open()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
