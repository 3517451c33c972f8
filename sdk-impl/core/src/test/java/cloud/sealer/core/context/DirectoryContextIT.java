package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.core.jvm.ForkedJvm;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryContextIT {
  @TempDir Path temp;

  @Test
  void readsTwentyThousandFiles() throws IOException {
    for (int d = 0; d < 200; d++) {
      Path directory = Files.createDirectories(temp.resolve("d" + d));
      for (int f = 0; f < 100; f++) {
        Files.createFile(directory.resolve("f" + f));
      }
    }
    try (FileTree tree =
        new Contexts(Clock.systemUTC())
            .open(BuildContext.directory(temp), temp.resolve("unused"))) {
      assertThat(tree.entries()).hasSize(20_200);
      assertThat(tree.entries()).isSortedAccordingTo((a, b) -> a.path().compareTo(b.path()));
      assertThat(CopySelection.select(tree, List.of("."), "x")).hasSize(20_201);
    }
  }

  /** In a plain ASCII locale the JVM cannot spell such a name, but the context still has it. */
  @Test
  void readsNamesThatTheLocaleCannotSpell() throws Exception {
    Path directory = Files.createDirectory(temp.resolve("ctx"));
    assumeTrue(
        "UTF-8".equals(System.getProperty("sun.jnu.encoding")), "this JVM cannot make the file");
    Files.createDirectory(directory.resolve("d\u00fc"));
    Files.writeString(directory.resolve("d\u00fc/\u6587 %41"), "x");
    String printed =
        ForkedJvm.of(Contexts.class, FileTree.class, Lister.class)
            .with(Map.of("LC_ALL", "C"))
            .run(Lister.class, directory.toString());

    assertThat(printed.lines().map(DirectoryContextIT::decode))
        .containsExactly("d\u00fc", "d\u00fc/\u6587 %41");
  }

  @Test
  void aNameThatIsNotUtf8MattersOnlyWhenItIsCopied() throws Exception {
    Files.writeString(temp.resolve("good"), "x");
    Process touch =
        new ProcessBuilder("sh", "-c", "touch \"$(printf 'bad\\377')\"")
            .directory(temp.toFile())
            .start();
    assertThat(touch.waitFor()).isZero();
    try (FileTree tree = new Contexts(Clock.systemUTC()).openFetched(temp)) {
      assertThat(CopySelection.select(tree, List.of("good"), ".")).hasSize(1);
      assertThatThrownBy(() -> CopySelection.select(tree, List.of("."), "."))
          .hasMessageContaining("has a name that is not UTF-8");
    }
  }

  private static String decode(String hex) {
    return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
  }

  /** Prints the paths of a context in hexadecimal; runs in a JVM of its own. */
  static final class Lister {
    private Lister() {}

    public static void main(String[] args) {
      try (FileTree tree = new Contexts(Clock.systemUTC()).openFetched(Path.of(args[0]))) {
        for (FileTree.Entry entry : tree.entries()) {
          byte[] path = entry.path().value().getBytes(StandardCharsets.UTF_8);
          System.out.println(HexFormat.of().formatHex(path));
        }
      }
    }
  }
}
