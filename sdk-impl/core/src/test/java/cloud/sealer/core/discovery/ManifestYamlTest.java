package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.DiscoveryReport.Found;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RootfsPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** How files are read: documents, aliases, JSON, and what is no YAML at all. */
@Timeout(60)
class ManifestYamlTest {
  private static final String FILE = "manifests/app.yaml";

  private static Discovery read(String yaml) {
    return Discovery.of(FILE, yaml);
  }

  private static List<String> documents(String yaml) {
    return read(yaml).report().found().stream()
        .flatMap(
            found ->
                found.origins().stream()
                    .map(o -> o.document() + ":" + o.line() + " " + familiar(found)))
        .sorted()
        .toList();
  }

  private static String familiar(Found found) {
    return found.image().familiar(Reference.Defaults.DOCKER);
  }

  @Test
  void countsDocumentsAsYamlDoes() {
    assertThat(documents("image: a:1\n---\nimage: b:1\n")).containsExactly("1:1 a:1", "2:3 b:1");
    assertThat(documents("# c\n\n---\nimage: a:1\n---\n---\n# e\n---\nimage: b:1"))
        .containsExactly("1:4 a:1", "4:9 b:1");
    assertThat(documents("--- {image: a:1}\n--- # c\nimage: b:1\n"))
        .containsExactly("1:1 a:1", "2:3 b:1");
    assertThat(documents("image: a:1\n...\n%YAML 1.1\n---\nimage: b:1\n...\nimage: c:1\n...\n"))
        .containsExactly("1:1 a:1", "2:5 b:1", "3:7 c:1");
    assertThat(documents("%YAML 1.1\n# c\n---\nimage: a:1\n")).containsExactly("1:4 a:1");
    assertThat(documents("\uFEFF---\r\nimage: a:1\r\n---\r\nimage: b:1\r\n"))
        .containsExactly("1:2 a:1", "2:4 b:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "# only\n", "---\n", "---\n---\n...\n", "text", "- 1\n- 2\n", "3"})
  void documentsWithoutObjectsAreFine(String yaml) {
    Discovery discovery = read(yaml);
    assertThat(discovery.report()).isEqualTo(cloud.sealer.sdk.DiscoveryReport.EMPTY);
    assertThat(discovery.notices()).isEmpty();
  }

  @Test
  void markersInsideBlockScalarsAreText() {
    assertThat(documents("a: |\n  x\n  ---\n  image: no:1\n  ...\nimage: a:1\n---\nimage: b:1\n"))
        .containsExactly("1:6 a:1", "2:8 b:1");
  }

  @Test
  void aliasesAndMergeKeysAreWhatTheyStandFor() {
    Discovery discovery =
        read(
            """
            x: &base {image: base:1, name: n}
            img: &img aliased:1
            spec:
              containers:
              - <<: *base
              - image: *img
              - <<: *base
                image: own:1
              - <<: [{image: first:1}, *base]
              - *base
            quoted: {"<<": {image: text-key:1}}
            """);

    assertThat(discovery.places())
        .isEqualTo(
            Map.of(
                "base:1",
                    List.of(" spec.containers[0].image", " spec.containers[4].image", " x.image"),
                "aliased:1", List.of(" spec.containers[1].image"),
                "own:1", List.of(" spec.containers[2].image"),
                "first:1", List.of(" spec.containers[3].image"),
                "text-key:1", List.of(" quoted.<<.image")));
    assertThat(discovery.report().found())
        .flatExtracting(Found::origins)
        .extracting(ImageOrigin::line)
        .contains(1, 2)
        .doesNotContain(0);
  }

  @Test
  void manyAliasesAreFine() {
    StringBuilder yaml = new StringBuilder("x: &c {image: shared:1}\nlist:\n");
    yaml.append("- *c\n".repeat(500));

    assertThat(read(yaml.toString()).report().found().get(0).origins()).hasSize(501);
  }

  @Test
  void ofEqualKeysTheLastCounts() {
    assertThat(read("image: first:1\nimage: last:1\n").found()).containsExactly("last:1");
  }

  @Test
  void unknownTagsAreHarmless() {
    assertThat(read("a: !!java.net.URL [x]\nb: !custom\n  image: !secret nginx:1\n").found())
        .containsExactly("nginx:1");
    assertThat(read("image: !!binary bmdpbng6MQ==\n").found()).isEmpty();
  }

  @Test
  void valuesMayBeFoldedOrBlocks() {
    assertThat(read("a:\n  image: >-\n    nginx:1\nb: {image: |\n}").found()).isNotNull();
    assertThat(read("a:\n  image: >-\n    nginx:1\nb:\n  image: |\n    redis:6\n").found())
        .containsExactly("nginx:1", "redis:6");
  }

  @ParameterizedTest
  @ValueSource(strings = {"manifests/a.json", "manifests/a.yaml"})
  void readsJsonWithTabsAndItsEscapes(String path) {
    Discovery discovery =
        Discovery.of(
            path,
            "\n{\n\t\"kind\": \"Pod\", \"metadata\": {\"name\": \"p\"},\n\t\"emoji\": \"\\ud83d\\ude00\",\n"
                + "\t\"spec\": {\"containers\": [{\"image\":\n\"quay.io\\/a\\/b:1\"}]}\n}\n"
                + "{\"image\": \"second:1\"}");

    assertThat(discovery.places())
        .isEqualTo(
            Map.of(
                "quay.io/a/b:1",
                List.of("Pod/p spec.containers[0].image"),
                "second:1",
                List.of(" image")));
    ImageOrigin origin = discovery.report().found().get(1).origins().get(0);
    assertThat(origin.line()).isEqualTo(6);
    assertThat(origin.document()).isEqualTo(1);
    assertThat(discovery.notices()).isEmpty();
  }

  @Test
  void flowStyleYamlIsNoJson() {
    assertThat(read("{kind: Pod, image: a:1}\n---\n{image: b:1}\n").found())
        .containsExactly("a:1", "b:1");
  }

  @Test
  void brokenJsonIsSearchedByLine() {
    Discovery discovery = Discovery.of("manifests/a.json", "{\"a\": {\n \"image\": \"a:1\",\n]");

    assertThat(discovery.found()).containsExactly("a:1");
    assertThat(discovery.notices()).hasSize(1);
  }

  @Test
  void aBrokenDocumentIsSearchedByLineAndSpoilsNoOther() {
    Discovery discovery =
        read(
            "kind: A\nimage: a:1\n---\nkind: B\n\timage: b:1 # tab\n\t- x: [\n---\nkind: C\nimage: c:1\n");

    assertThat(discovery.found()).containsExactly("a:1", "b:1", "c:1");
    assertThat(discovery.report().found())
        .flatExtracting(Found::origins)
        .extracting(ImageOrigin::toString, ImageOrigin::document, ImageOrigin::rule)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(FILE + ":2 (A image)", 1, "image-key"),
            org.assertj.core.groups.Tuple.tuple(FILE + ":5", 2, "line"),
            org.assertj.core.groups.Tuple.tuple(FILE + ":9 (C image)", 3, "image-key"));
    assertThat(discovery.notices())
        .singleElement()
        .asString()
        .contains(FILE, "line 3", "searched line by line", "(line ");
  }

  @Test
  void templatesAreSearchedByLineWithoutNotice() {
    String template =
        """
        {{- if .Values.on }}
        kind: Pod
        image: fixed:1
        {{- end }}
        image: {{ .Values.repo }}:{{ .Values.tag }}
        """;

    for (String path : List.of("manifests/a.yaml.tmpl", "manifests/a.yaml")) {
      Discovery discovery = Discovery.of(path, template);
      assertThat(discovery.found()).containsExactly("fixed:1");
      assertThat(discovery.unresolved()).containsExactly("{{ .Values.repo }}:{{ .Values.tag }}");
      assertThat(discovery.notices()).isEmpty();
      assertThat(discovery.onlyOrigin().line()).isEqualTo(3);
    }
  }

  @Test
  void bytesThatAreNoTextHideNothing() {
    byte[] latin1 = "# gr\u00fc\u00dfe\nimage: nginx:1\n".getBytes(StandardCharsets.ISO_8859_1);
    byte[] control = "a: \u0001\u0000\nimage: redis:6\n".getBytes(StandardCharsets.UTF_8);
    byte[] utf16 = "\uFEFFimage: wide:1\r\n".getBytes(StandardCharsets.UTF_16BE);

    assertThat(
            Discovery.of(
                    new FilesInMemory()
                        .and("manifests/a.yaml", latin1)
                        .and("manifests/b.yaml", control)
                        .and("manifests/c.yaml", utf16))
                .found())
        .containsExactly("nginx:1", "redis:6", "wide:1");
  }

  @Test
  void aliasesThatMultiplyAreSearchedByLine() {
    StringBuilder yaml = new StringBuilder("image: bomb:1\na0: &a0 [x, x]\n");
    for (int i = 1; i < 60; i++) {
      yaml.append("a%d: &a%d [%s*a%d]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9), i - 1));
    }
    Discovery discovery = read(yaml.toString());

    assertThat(discovery.found()).containsExactly("bomb:1");
    assertThat(discovery.notices()).singleElement().asString().contains("aliases expand");
  }

  @Test
  void mergesThatMultiplyOrNestAreSearchedByLine() {
    StringBuilder yaml = new StringBuilder("image: bomb:1\na0: &a0 {x: y}\n");
    for (int i = 1; i < 2_000; i++) {
      yaml.append("a%d: &a%d {n: *a%d}\n".formatted(i, i, i - 1));
    }
    Discovery discovery = read(yaml.toString());

    assertThat(discovery.found()).containsExactly("bomb:1");
    assertThat(discovery.notices()).singleElement().asString().contains("aliases nest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a: &a [*a]", "a: &a {b: *a}", "a: *nowhere", "a: &a {<<: *a}"})
  void badAliasesAreSearchedByLine(String yaml) {
    assertThat(read("image: a:1\n" + yaml).found()).containsExactly("a:1");
    assertThat(read("image: a:1\n" + yaml).notices()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? ", "{\"a\":", "[{", "!t ", "*a [", "{{"})
  void deepNestingOverflowsNothing(String level) {
    String deep = level.repeat(50_000);

    assertThat(read("image: a:1\n---\n" + deep).found()).containsExactly("a:1");
    assertThat(read(deep).found()).isEmpty();
    assertThat(Discovery.of("manifests/a.json", deep + "\n\"image\": \"b:1\"").found())
        .containsExactly("b:1");
  }

  @Test
  void deepIndentationOverflowsNothing() {
    StringBuilder yaml = new StringBuilder("image: a:1\n");
    for (int i = 0; i < 3_000; i++) {
      yaml.append(" ".repeat(i)).append("k:\n");
    }
    assertThat(read(yaml.toString()).found()).containsExactly("a:1");
  }

  @Test
  void aLineTooLongToSearchIsUnresolved() {
    String yaml = "image: a:1\nb: \"" + "x".repeat(LineReader.MAX_LENGTH) + "\"\nimage: c:1\n";
    Discovery discovery = read(yaml);

    assertThat(discovery.found()).containsExactly("a:1", "c:1");
    assertThat(discovery.report().unresolved())
        .singleElement()
        .satisfies(f -> assertThat(f.origins().get(0).line()).isEqualTo(2));
  }

  @Test
  void aDocumentTooLongIsSearchedByLineAsOneDocument() {
    String filler =
        ("# " + "x".repeat(1_000) + "\n").repeat(2 * DocumentSplitter.MAX_LENGTH / 1_000);
    Discovery discovery = read("image: a:1\n" + filler + "image: b:1\n---\nimage: c:1\n");

    assertThat(discovery.report().found())
        .flatExtracting(Found::origins)
        .extracting(ImageOrigin::document, ImageOrigin::rule)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(1, "line"),
            org.assertj.core.groups.Tuple.tuple(1, "line"),
            org.assertj.core.groups.Tuple.tuple(2, "image-key"));
    assertThat(discovery.notices()).hasSize(1);
  }

  @Test
  void tenThousandFilesAreQuick() {
    FilesInMemory files = new FilesInMemory();
    for (int i = 0; i < 10_000; i++) {
      files.and(
          "manifests/%05d.yaml".formatted(i),
          "kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - image: a/b:%d\n".formatted(i));
    }
    long start = System.nanoTime();

    assertThat(Discovery.of(files).found()).hasSize(10_000);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void findsEveryImageOfRandomPodsAtItsPath(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      Map<String, String> expected = new java.util.TreeMap<>();
      List<Object> objects = new ArrayList<>();
      int count = 1 + random.nextInt(4);
      for (int i = 1; i <= count; i++) {
        objects.add(RandomObjects.object(random, i, expected));
      }
      DumperOptions options = new DumperOptions();
      options.setDefaultFlowStyle(pick(random, DumperOptions.FlowStyle.values()));
      options.setDefaultScalarStyle(
          pick(
              random,
              DumperOptions.ScalarStyle.PLAIN,
              DumperOptions.ScalarStyle.DOUBLE_QUOTED,
              DumperOptions.ScalarStyle.SINGLE_QUOTED,
              DumperOptions.ScalarStyle.LITERAL));
      options.setLineBreak(pick(random, DumperOptions.LineBreak.UNIX, DumperOptions.LineBreak.WIN));
      options.setExplicitStart(true);
      String yaml = new Yaml(options).dumpAll(objects.iterator());

      Discovery discovery = read(yaml);

      Map<String, String> actual = new java.util.TreeMap<>();
      for (Found found : discovery.report().found()) {
        for (ImageOrigin o : found.origins()) {
          assertThat(o.file()).isEqualTo(RootfsPath.of(FILE));
          actual.put(o.document() + " " + o.object() + " " + o.path(), familiar(found));
        }
      }
      assertThat(actual).as(yaml).isEqualTo(expected);
      assertThat(discovery.unresolved()).isEmpty();
    }
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
