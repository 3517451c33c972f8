package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {
  private static boolean ignores(String text, String path) {
    return IgnoreFile.parse(".dockerignore", text).match(RootfsPath.of(path)).isPresent();
  }

  @ParameterizedTest(name = "[{0}] leaves out {1}: {2}")
  @CsvSource(
      quoteCharacter = '`',
      delimiter = ';',
      value = {
        "*.md; README.md; true",
        "*.md; docs/README.md; false",
        "**/*.md; docs/README.md; true",
        "*/temp*; somedir/temporary.txt; true",
        "*/temp*; somedir/sub/temporary.txt; false",
        "*/*/temp*; somedir/sub/temporary.txt; true",
        "temp?; tempa; true",
        "/foo/bar; foo/bar; true",
        "foo/bar/; foo/bar/x; true",
        "./foo//bar; foo/bar; true",
        "foo/../bar; bar; true",
        "foo/../bar; foo; false",
        "/../foo; foo; true",
        "../foo; foo; false",
        ".; a; false",
        "/; a; false",
        "#a; #a; false",
        "\\#a; #a; true",
        "  a  ; a; true",
        "a; a/b/c; true",
        "a; ab; false",
        "*|!a; a; false",
        "*|!a; b; true",
        "!a|*; a; true",
        "*.md|!README*.md|README-secret.md; README-secret.md; true",
        "*.md|!README*.md|README-secret.md; README-x.md; false",
        "*.md|README-secret.md|!README*.md; README-secret.md; false",
        "dir|!dir/keep; dir/keep; false",
        "dir|!dir/keep; dir/keep/deep; false",
        "dir|!dir/keep; dir/other; true",
        "dir|! /dir/keep/ ; dir/keep; false",
        "dir/*|!dir/keep|dir/keep/x; dir/keep/x; true",
      })
  void matchesAsDockerDoes(String lines, String path, boolean expected) {
    assertThat(ignores(lines.replace('|', '\n'), path)).isEqualTo(expected);
  }

  @Test
  void readsWindowsLineEndsAndAByteOrderMark() {
    assertThat(ignores("\uFEFFa\r\n\r\n# no\r\nb", "a")).isTrue();
    assertThat(ignores("\uFEFFa\r\n\r\n# no\r\nb", "b")).isTrue();
  }

  @Test
  void namesTheLineThatDecides() {
    IgnoreFile file = IgnoreFile.parse(".dockerignore", "x\n\n# c\n*.md\n!y\n");

    assertThat(file.match(RootfsPath.of("a.md")).orElseThrow())
        .hasToString("line 4 of .dockerignore (*.md)");
  }

  @Test
  void prunesOnlyWithoutExceptions() {
    RootfsPath dir = RootfsPath.of("dir");

    assertThat(IgnoreFile.parse("i", "dir").prunes(dir)).isTrue();
    assertThat(IgnoreFile.parse("i", "dir\n!dir/x").prunes(dir)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"a[, 1", "!, 1"})
  void refusesABadPatternWithItsPlace(String pattern, int line) {
    assertThatThrownBy(() -> IgnoreFile.parse(".kubefileignore", pattern))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONTEXT);
              assertThat(e).hasMessageStartingWith(".kubefileignore:" + line + ": bad pattern");
            });
  }

  /** The remembered decisions about directories must not differ from Docker's plain loop. */
  @Test
  void decidesAsThePlainLoopDoes() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      List<String> patterns = new ArrayList<>();
      for (int i = random.nextInt(5); i >= 0; i--) {
        patterns.add((random.nextInt(3) == 0 ? "!" : "") + path(random, "a", "b", "*", "**", "?"));
      }
      IgnoreFile file = IgnoreFile.parse("i", String.join("\n", patterns));
      for (int i = 0; i < 30; i++) {
        String path = path(random, "a", "b", "ab", "c");
        assertThat(file.match(RootfsPath.of(path)).isPresent())
            .as("%s on %s", patterns, path)
            .isEqualTo(plainLoop(patterns, path));
      }
    }
  }

  private static String path(Random random, String... names) {
    StringBuilder path = new StringBuilder(names[random.nextInt(names.length)]);
    for (int i = random.nextInt(4); i > 0; i--) {
      path.append('/').append(names[random.nextInt(names.length)]);
    }
    return path.toString();
  }

  private static boolean plainLoop(List<String> patterns, String path) {
    boolean matched = false;
    for (String line : patterns) {
      boolean exception = line.startsWith("!");
      Glob glob = Glob.compile(exception ? line.substring(1) : line);
      boolean match = false;
      for (RootfsPath p = RootfsPath.of(path); !p.isRoot(); p = p.parent()) {
        match |= glob.matches(p.value());
      }
      if (match) {
        matched = !exception;
      }
    }
    return matched;
  }
}
