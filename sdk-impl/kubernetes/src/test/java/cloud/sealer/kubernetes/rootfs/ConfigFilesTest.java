package cloud.sealer.kubernetes.rootfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.ConfigSpec.Step;
import cloud.sealer.sdk.ConfigSpec.Strategy;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFilesTest {
  private static final RootfsPath FILE = RootfsPath.of("etc/a.yml");

  private static String apply(String file, Strategy strategy, List<Step> steps, String data) {
    return ConfigFiles.apply(
            List.of(new ConfigSpec("c", FILE, strategy, steps, data)),
            path -> Optional.ofNullable(file))
        .get(FILE);
  }

  static Stream<Arguments> processes() {
    return Stream.of(
        Arguments.of(List.of(), "a: {{ x }}\n", "a: {{ x }}\n"),
        Arguments.of(List.of(Step.TO_JSON), "a: 1\nb: [no]\n", "{\"a\":1,\"b\":[false]}"),
        Arguments.of(List.of(Step.TO_BASE64), "a: 1", "YTogMQ=="),
        Arguments.of(List.of(Step.TO_JSON, Step.TO_BASE64), "a: 1", "eyJhIjoxfQ=="),
        Arguments.of(
            List.of(Step.VALUE, Step.TO_JSON),
            "a: {b: 1}\nc: x\n",
            "a: \"{\\\"b\\\":1}\"\nc: \"\\\"x\\\"\"\n"),
        Arguments.of(
            List.of(Step.VALUE, Step.TO_JSON, Step.TO_BASE64),
            "a: {b: 1}\n",
            "a: \"eyJiIjoxfQ==\"\n"),
        Arguments.of(List.of(Step.VALUE, Step.TO_BASE64), "a: é\nb:\n", "a: \"w6k=\"\nb: \"\"\n"));
  }

  @ParameterizedTest
  @MethodSource("processes")
  void dataIsProcessedStepByStep(List<Step> steps, String data, String result) {
    assertThat(apply(null, Strategy.OVERWRITE, steps, data)).isEqualTo(result);
  }

  static Stream<Arguments> merges() {
    return Stream.of(
        Arguments.of(
            "b: 1\na: {x: 1, y: [1, 2]}\n",
            "a: {y: [3], z: new}\nc: true",
            "b: 1\na:\n  x: 1\n  \"y\":\n    - 3\n  z: new\nc: true\n"),
        Arguments.of(
            "kind: A\nv: 1\n---\nkind: B\nv: 1\n---\nw: 1\n",
            "v: 2",
            "kind: A\nv: 2\n---\nkind: B\nv: 2\n---\nw: 1\n"),
        Arguments.of(
            "kind: A\nv: 1\n---\nkind: B\nv: 1\n",
            "kind: B\nnew: 2",
            "kind: A\nv: 1\n---\nkind: B\nv: 1\nnew: 2\n"),
        Arguments.of("a: {b: 1}\n", "a: plain", "a: plain\n"),
        Arguments.of("a: \"1\"\n", "b: 1", "a: \"1\"\nb: 1\n"));
  }

  @ParameterizedTest
  @MethodSource("merges")
  void dataIsMerged(String file, String data, String result) {
    assertThat(apply(file, Strategy.MERGE, List.of(), data)).isEqualTo(result);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(null, "a: 1", List.of(), "the image has no such file to merge with"),
        Arguments.of("a: [", "a: 1", List.of(), "the file is not YAML: line 1"),
        Arguments.of("a: 1", "a: [", List.of(), "spec.data is not YAML: line 1"),
        Arguments.of("a: 1", "[a]", List.of(), "spec.data must be a mapping, not a list"),
        Arguments.of("a: 1", "[a]", List.of(Step.VALUE, Step.TO_JSON), "needs a mapping"),
        Arguments.of("a: 1", "a: {b: c}", List.of(Step.VALUE, Step.TO_BASE64), "put toJson before"),
        Arguments.of("a: 1", "kind: X", List.of(), "no document of the kind X"),
        Arguments.of(
            "a: {x: 1}\n---\na: {y: 1}\n", "a: {z: 1}", List.of(), "documents has a.z; name"),
        Arguments.of("[x]", "a: 1", List.of(), "no document that is a mapping"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesNameDocumentAndFile(String file, String data, List<Step> steps, String problem) {
    assertThatThrownBy(() -> apply(file, Strategy.MERGE, steps, data))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CLUSTERFILE))
        .hasMessageStartingWith("Config c, etc/a.yml: ")
        .hasMessageContaining(problem);
  }

  @Test
  void laterDocumentsSeeWhatEarlierOnesMade() {
    ConfigSpec first = new ConfigSpec("1", FILE, Strategy.OVERWRITE, List.of(), "a: 1\n");
    ConfigSpec second = new ConfigSpec("2", FILE, Strategy.MERGE, List.of(), "b: 2\n");
    assertThat(ConfigFiles.apply(List.of(first, second), path -> Optional.of("old: 1\n")))
        .isEqualTo(Map.of(FILE, "a: 1\nb: 2\n"));
  }
}
