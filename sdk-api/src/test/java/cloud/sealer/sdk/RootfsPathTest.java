package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootfsPathTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "/, ''",
    "., ''",
    "./, ''",
    "///, ''",
    "a, a",
    "/a, a",
    "./a, a",
    "a/, a",
    "a//b, a/b",
    "a/./b/., a/b",
    "/./a, a",
    "..a/b.., ..a/b..",
    "..., ...",
    ".a, .a",
    "a/.b, a/.b",
    "a b/\u00e4, a b/\u00e4",
    "a\\b, a\\b"
  })
  void normalises(String text, String value) {
    assertThat(RootfsPath.of(text).value()).isEqualTo(value);
    assertThat(RootfsPath.of(text)).isEqualTo(RootfsPath.of(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "/..", "../a", "a/..", "a/../b", "./..", "a\0b"})
  void refusesWhatLeaves(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> RootfsPath.of(text));
    assertThatIllegalArgumentException().isThrownBy(() -> RootfsPath.ROOT.resolve(text));
  }

  @Test
  void knowsItsParts() {
    RootfsPath path = RootfsPath.of("a/b/c");
    assertThat(path.name()).isEqualTo("c");
    assertThat(path.parent()).isEqualTo(RootfsPath.of("a/b"));
    assertThat(RootfsPath.of("a").parent()).isEqualTo(RootfsPath.ROOT);
    assertThat(RootfsPath.ROOT.parent()).isEqualTo(RootfsPath.ROOT);
    assertThat(RootfsPath.ROOT.name()).isEmpty();
    assertThat(RootfsPath.ROOT.isRoot()).isTrue();
    assertThat(path.isRoot()).isFalse();
  }

  @Test
  void joinsAndSplits() {
    RootfsPath a = RootfsPath.of("a");
    assertThat(a.resolve("b/c")).hasToString("a/b/c");
    assertThat(a.resolve("/")).isEqualTo(a);
    assertThat(RootfsPath.ROOT.resolve("b")).hasToString("b");
    assertThat(RootfsPath.of("a/b/c").relativeTo(a)).hasToString("b/c");
    assertThat(a.relativeTo(a)).isEqualTo(RootfsPath.ROOT);
    assertThat(a.relativeTo(RootfsPath.ROOT)).isEqualTo(a);
    assertThatIllegalArgumentException().isThrownBy(() -> RootfsPath.of("ab").relativeTo(a));
  }

  @Test
  void startsWithWholeElements() {
    assertThat(RootfsPath.of("a/b").startsWith(RootfsPath.of("a"))).isTrue();
    assertThat(RootfsPath.of("a").startsWith(RootfsPath.of("a"))).isTrue();
    assertThat(RootfsPath.of("a").startsWith(RootfsPath.ROOT)).isTrue();
    assertThat(RootfsPath.of("ab").startsWith(RootfsPath.of("a"))).isFalse();
    assertThat(RootfsPath.of("a").startsWith(RootfsPath.of("a/b"))).isFalse();
    assertThat(RootfsPath.ROOT.startsWith(RootfsPath.of("a"))).isFalse();
  }

  @Test
  void ordersDirectoriesDirectlyBeforeWhatTheyHold() {
    List<String> sorted =
        List.of(
            "",
            "a",
            "a/\u0001",
            "a/b",
            "a/b/c",
            "a\u0001",
            "a b",
            "a-b",
            "a.b",
            "a0",
            "ab",
            "\u00e4");
    List<String> mixed = new ArrayList<>(sorted);
    Collections.shuffle(mixed, new Random(1));
    assertThat(mixed.stream().map(RootfsPath::of).sorted().map(RootfsPath::value))
        .isEqualTo(sorted);
    assertThat(Stream.of("a", "b").map(RootfsPath::of)).isSorted();
  }
}
