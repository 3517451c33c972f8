package cloud.sealer.core.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineRuleTest {
  private static List<String> read(String text) {
    List<String> hits = new ArrayList<>();
    new LineRule(
            (value, line, certain) ->
                hits.add(line + " " + value.text() + (certain ? "" : " uncertain")))
        .read(text, 1);
    return hits;
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '^',
      quoteCharacter = '`',
      value = {
        "image: nginx:1 ^ nginx:1",
        "  - image: nginx:1 ^ nginx:1",
        "- - image: nginx:1 ^ nginx:1",
        "image : nginx:1 ^ nginx:1",
        "`\timage:\tnginx:1` ^ nginx:1",
        "image: \"nginx:1\" ^ nginx:1",
        "image: 'nginx:1' # why ^ nginx:1",
        "image: nginx:1 # why ^ nginx:1",
        "\"image\": \"nginx:1\", ^ nginx:1",
        "\"image\":\"nginx:1\"} ^ nginx:1",
        "'image': nginx:1, ^ nginx:1",
        "image: &web nginx:1 ^ nginx:1",
        "image: !!str nginx:1 ^ nginx:1",
        "vmagent-image: a/b:1 ^ a/b:1",
        "sidecarimage: a/b ^ a/b",
        "my-image: plain ^ plain uncertain",
        "image: {{ .Values.image }} ^ {{ .Values.image }}",
        "image: \"{{ .Values.a | default \"b\" }}:1\" ^ {{ .Values.a | default \"b\" }}:1",
        "image: {{ .a }} # why ^ {{ .a }}",
        "image: ${REGISTRY}/a:1 ^ ${REGISTRY}/a:1",
        "image: Bad/Name:1 ^ Bad/Name:1",
        "{{- if .x }}image: nginx:1 ^ nginx:1",
        "{\"name\":\"a\",\"image\":\"nginx:1\",\"x\":[{ image: 'redis:6' }]} ^ nginx:1, redis:6",
        "- {name: a, image: nginx:1} ^ nginx:1",
      })
  void finds(String line, String expected) {
    List<String> wanted = List.of(expected.split(", ")).stream().map(i -> "1 " + i).toList();
    assertThat(read(line)).containsExactlyElementsOf(wanted);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "imagePullPolicy: Always",
        "Image: nginx:1",
        "initImage: nginx:1",
        "images: nginx:1",
        "# image: nginx:1",
        "  - # image: nginx:1",
        "image:",
        "image: # nothing",
        "image: \"\"",
        "image: null",
        "image: ~",
        "image: {repository: a}",
        "image: [a]",
        "use-image: true",
        "image:nginx",
        "description: the image: nginx:1",
        "some-image: Some Prose",
        "{{/* image: nginx:1 */}}",
      })
  void ignores(String line) {
    assertThat(read(line)).isEmpty();
  }

  @Test
  void textInBlockScalarsIsUncertain() {
    assertThat(
            read(
                """
                data:
                  pod.yaml: |
                    image: inner:1

                    image: inner:2
                  other: x
                image: outer:1
                script: >-   # folded
                  image: inner:3
                list:
                - |
                  image: inner:4
                - image: outer:2
                """))
        .containsExactly(
            "3 inner:1 uncertain",
            "5 inner:2 uncertain",
            "7 outer:1",
            "9 inner:3 uncertain",
            "12 inner:4 uncertain",
            "13 outer:2");
  }

  @Test
  void theImageMayStandInABlockScalarItself() {
    assertThat(read("- image: >-\n    nginx:1\n  name: x\n")).containsExactly("2 nginx:1");
    assertThat(read("image: |\nimage: redis:6\n")).containsExactly("2 redis:6");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "- ",
        "!t ",
        "&a ",
        "{{a}} ",
        "image: ",
        "{image: ",
        ", image: a",
        "{{ # ",
        "a.",
        "'",
        "a: - "
      })
  void longLinesNeitherOverflowTheStackNorTakeLong(String part) {
    for (String start : List.of("", "image: ", "{", "image: {{ ", "image: '")) {
      assertTimeout(Duration.ofSeconds(5), () -> read(start + part.repeat(300_000)));
    }
  }

  @Test
  void linesMayEndLikeOnWindowsOrNotAtAll() {
    assertThat(read("image: a:1\r\nimage: b:1\rimage: c:1"))
        .containsExactly("1 a:1", "2 b:1", "3 c:1");
  }
}
