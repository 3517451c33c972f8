package cloud.sealer.kubernetes.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class YamlTest {
  private static Mapping read(String text) throws YamlException {
    return (Mapping) YamlReader.read(text, 1);
  }

  @Test
  void aliasesAndMergesAreResolvedAndKeysKeepTheirPlaces() throws YamlException {
    Mapping node = read("base: &b {x: 1, y: [2]}\nmine:\n  <<: *b\n  x: own\nlist: [*b]\n");
    assertThat(node.mapping("mine").text("x")).isEqualTo("own");
    assertThat(node.mapping("mine").get("y")).isEqualTo(node.mapping("base").get("y"));
    assertThat(node.placeOf("mine")).isEqualTo(new Place(2, 1));
    assertThat(node.mapping("mine").placeOf("x")).isEqualTo(new Place(4, 3));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("a: 1\na: 2", 2, "a key stands twice"),
        Arguments.of("a: *x", 1, "an alias refers to nothing"),
        Arguments.of("a: &x [*x]", 1, "an alias refers to nothing"),
        Arguments.of("? [a]\n: b", 1, "a key must be a text"),
        Arguments.of("<<: a", 1, "<< takes a mapping"),
        Arguments.of("a: [", 1, "expected"),
        Arguments.of("a: \u0000", 1, ""));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesHavePlacesAndQuoteNothing(String text, int line, String problem) {
    assertThatThrownBy(() -> YamlReader.read(text, 1))
        .isInstanceOfSatisfying(
            YamlException.class,
            e -> {
              assertThat(e.place().line()).isGreaterThanOrEqualTo(line);
              assertThat(e).hasMessageContaining(problem);
            });
  }

  @Test
  void aliasesOfAliasesDoNotExplode() {
    StringBuilder text = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++) {
      text.append("a").append(i).append(": &a").append(i).append(" [");
      text.append(("*a" + (i - 1) + " ,").repeat(8)).append("x]\n");
    }
    assertThatThrownBy(() -> YamlReader.read(text.toString(), 1))
        .isInstanceOf(YamlException.class)
        .hasMessage("its aliases make too much of it");
    assertThatThrownBy(() -> YamlReader.read("[".repeat(5000), 1))
        .isInstanceOf(YamlException.class)
        .hasMessageContaining("nested");
  }

  @Test
  void documentsAreToldApartByTheirLines() {
    List<YamlText> documents =
        YamlText.split(
            "\uFEFF# c\n"
                + "---\n"
                + "a: |\n"
                + "  x\n"
                + "  ---\n"
                + "  y\n"
                + "--- # two\n"
                + "b: {{ .X }}\n"
                + "...\n\n"
                + "--- {c: d}\n"
                + "---\n");
    assertThat(documents)
        .containsExactly(
            new YamlText("a: |\n  x\n  ---\n  y\n", 3),
            new YamlText("b: {{ .X }}\n", 8),
            new YamlText("    {c: d}\n", 11));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no",
        "y",
        "1.20",
        "0755",
        "0o17",
        "1_000",
        "1e3",
        "~",
        "null",
        "",
        " ",
        "a: b",
        "# c",
        "2024-01-01",
        "12:30:45",
        "<<",
        "=",
        ".inf",
        "0x1f",
        "-",
        "---",
        "@a",
        "{{ .X }}",
        "{{{",
        "\\{{",
        "a\\",
        "\"",
        "'"
      })
  void textsStayTextsForEveryParser(String text) throws YamlException {
    String written = new YamlWriter().write(Mapping.of(Map.of("k", Scalar.text(text))));
    assertThat(written).doesNotContain("{{");
    assertThat(read(written).get("k"))
        .isInstanceOfSatisfying(Scalar.class, scalar -> assertThat(scalar.text()).isEqualTo(text));
    Map<String, Object> plain = new Yaml(new SafeConstructor(new LoaderOptions())).load(written);
    assertThat(plain).containsEntry("k", text);
  }

  @Test
  void plainScalarsStayPlain() throws YamlException {
    String text = "a: 1\nb: \"1\"\nc: no\nd: null\ne:\n  - 0755\n  - {}\nf: |\n  x\n  y\n";
    assertThat(new YamlWriter().write(read(text)))
        .isEqualTo("a: 1\nb: \"1\"\nc: no\nd: null\ne:\n  - 493\n  - {}\nf: |\n  x\n  y\n");
  }

  @Property
  void anyTextIsWrittenAndRead(@ForAll String key, @ForAll String text) throws YamlException {
    String clean = text.replaceAll("[^\\t\\n\\r\\x20-\\x7e\u00a0-\ud7ff\ue000-\ufffd]", "?");
    String name = key.replaceAll("[^\\x20-\\x7e\u00a0-\ud7ff]", "?") + "k";
    String written = new YamlWriter().write(Mapping.of(Map.of(name, Scalar.text(clean))));
    assertThat(read(written).text(name)).isEqualTo(clean);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{a: yes, b: \"yes\", c: 0755, d: 0x1F, e: 1.5, f: ~, g: [x, -3], h: 1e3, i: 0o17} |"
            + " {\"a\":true,\"b\":\"yes\",\"c\":493,\"d\":31,\"e\":1.5,\"f\":null,\"g\":[\"x\",-3],"
            + "\"h\":1E+3,\"i\":15}",
        "off | false",
        "1:30 | \"1:30\""
      })
  void jsonIsMadeAsKubernetesMakesIt(String yaml, String json) throws YamlException {
    assertThat(YamlJson.toJson(YamlReader.read(yaml, 1))).hasToString(json);
  }
}
