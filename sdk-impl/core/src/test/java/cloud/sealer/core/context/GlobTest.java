package cloud.sealer.core.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
  @ParameterizedTest(name = "{0} on {1}: {2}")
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "**, file, true",
        "**, dir/file, true",
        "**/**, dir/file, true",
        "dir/**, dir/file, true",
        "dir/**, dir/dir2/file, true",
        "dir/**, dir, false",
        "dir/**, directory/file, false",
        "**/dir, dir, true",
        "**/dir, a/b/dir, true",
        "**/dir, a/b/xdir, false",
        "**/dir2/*, dir/dir2/file, true",
        "**/dir2/*, dir/dir2/dir3/file, false",
        "**/dir2/**, dir/dir2/dir3/file, true",
        "**file, file, true",
        "**file, dir/file, true",
        "**file, dir/dir/otherfile, true",
        "**file, dir/files, false",
        "**/file, dir/file, true",
        "**/file*, dir/dir/file.txt, true",
        "**/file*txt, dir/dir/file.txt, true",
        "**/**/*.txt, dir/dir/file.txt, true",
        "**/**/*.txt, file.txt, true",
        "**/**/*.txt2, dir/dir/file.txt, false",
        "**/*.txt, file.txt, true",
        "a**/*.txt, a/file.txt, true",
        "a**/*.txt, a/dir/dir/file.txt, true",
        "a/*.txt, a/dir/file.txt, false",
        "a/*.txt, a/file.txt, true",
        "a/*.txt**, a/file.txt, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, a/xb, false",
        "a[b-d]e, ae, false",
        "a[b-d]e, ace, true",
        "a[b-d]e, aae, false",
        "a[^b-d]e, aze, true",
        "a[^b-d]e, ace, false",
        "a[^b]c, a/c, false",
        "[a-c]*[0-9], b7, true",
        "[&&]x, &x, true",
        "[[]x, [x, true",
        "[\\]]x, ]x, true",
        ".*, .foo, true",
        ".*, foo, false",
        "*, .foo, true",
        "*, a/b, false",
        "?, a, true",
        "?, ab, false",
        "?, 😀, true",
        "abc.def, abcdef, false",
        "abc.def, abcZdef, false",
        "abc.def, abc.def, true",
        "abc?def, abcZdef, true",
        "abc?def, abcdef, false",
        "a\\*b, a*b, true",
        "a\\*b, axb, false",
        "a\\\\, a\\, true",
        "a\\d, ad, true",
        "a\\d, a1, false",
        "a(b)c/def, a(b)c/def, true",
        "a(b)c/def, a(b)c/xyz, false",
        "a.|)$(}+{bc, a.|)$(}+{bc, true",
        "dist/*.whl, dist/proxy.py-2.4.0rc3.dev36+g08acad9-py3-none-any.whl, true",
        "*[!a]x, q!x, true",
      })
  void matchesAsDockerDoes(String pattern, String path, boolean expected) {
    assertThat(Glob.compile(pattern).matches(path)).isEqualTo(expected);
  }

  @Test
  void aLineFeedIsACharacterOfAName() {
    assertThat(Glob.compile("**/b").matches("a\nx/b")).isTrue();
    assertThat(Glob.compile("a?b").matches("a\nb")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"[", "a[", "[]a]", "[^]", "[^", "[a", "a\\", "[a-]", "[-x]", "[z-a]", "[\\"})
  void refusesWhatGoRefuses(String pattern) {
    assertThatThrownBy(() -> Glob.compile(pattern))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(pattern);
  }
}
