package cloud.sealer.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CompleteChartTest {
  private static Map<String, String> complete(Map<String, ?> files, String... apiVersions)
      throws IOException {
    Map<String, String> complete = new TreeMap<>();
    for (ChartFile file :
        CompleteChart.of(ChartFile.all(Charts.tree(files)), Set.of(apiVersions))) {
      complete.put(file.path(), new String(file.bytes(), UTF_8));
    }
    return complete;
  }

  @Test
  void hooksAreHiddenAndComeBack() throws IOException {
    String text = "annotations:\n  \"helm.sh/hook\": pre-install\n  helm.sh/hook-weight: \"1\"\n";
    String hidden = complete(Map.of("templates/a.yaml", text)).get("templates/a.yaml");
    assertThat(hidden).doesNotContain(" \"helm.sh").hasSameSizeAs(text);
    assertThat(CompleteChart.restored(hidden)).isEqualTo(text);
  }

  @Test
  void filesThatAreNoTextStayAsTheyAre() throws IOException {
    byte[] bytes = {(byte) 0xC3, 0x28, 0, (byte) 0xFF, 'h'};
    ChartFile file =
        CompleteChart.of(List.of(ChartFile.of("files/x", bytes)), Set.of("a/v1")).get(0);
    assertThat(file.bytes()).isEqualTo(bytes);
  }

  @Test
  void packedSubChartsAreUnpackedHoweverDeep() throws IOException {
    byte[] inner = Charts.packed("inner", Map.of("Chart.yaml", "i", "crds/c.yaml", "c"));
    byte[] outer = Charts.packed("outer", Map.of("Chart.yaml", "o", "charts/inner-1.tgz", inner));
    assertThat(complete(Map.of("Chart.yaml", "c", "charts/outer-1.tgz", outer)))
        .containsOnlyKeys(
            "Chart.yaml",
            "charts/outer-1-packed/Chart.yaml",
            "charts/outer-1-packed/charts/inner-1-packed/Chart.yaml",
            "charts/outer-1-packed/charts/inner-1-packed/crds/c.yaml",
            "charts/outer-1-packed/charts/inner-1-packed/templates/zz-sealer-crds.yaml");
  }

  @Test
  void apiVersionsAreComparedInTemplatesOnly() throws IOException {
    String text =
        "{{ if $.Capabilities.APIVersions.Has \"a/v1\" }}{{ .x.Capabilities.APIVersions.Has .y }}"
            + "{{ (f).Capabilities.APIVersions.Has \"b\" }}";
    Map<String, String> complete =
        complete(Map.of("templates/a.yaml", text, "README.md", text), "a/v1");
    assertThat(complete.get("README.md")).isEqualTo(text);
    assertThat(complete.get("templates/a.yaml"))
        .startsWith("{{ if regexMatch `^(?:")
        .contains("}}{{ regexMatch `")
        .contains(")$` .y }}")
        .endsWith("{{ (f).Capabilities.APIVersions.Has \"b\" }}");
  }

  @Test
  void lookupFindsNothingWithoutAnyNetwork() throws IOException {
    String text =
        "lookup: \"{{ lookup \"v1\" \"A\" .ns `lookup }}` }}\"\n"
            + "{{/* lookup }} */}}{{ \"d\" | lookup \"v1\" (len (lookup \"v1\" \"B\" \"\" \"\"))}} lookup"
            + "{{ include \"a.lookup \\\" lookup\" .Values.lookup $lookup }}{{ $x := lookup .a }}";
    Map<String, String> complete =
        complete(Map.of("templates/_a.tpl", text, "files/lookup.yaml", text));
    assertThat(complete.get("files/lookup.yaml")).isEqualTo(text);
    assertThat(complete.get("templates/_a.tpl"))
        .isEqualTo(
            "lookup: \"{{ omit (dict) \"v1\" \"A\" .ns `lookup }}` }}\"\n"
                + "{{/* lookup }} */}}{{ \"d\" | omit (dict) \"v1\" (len (omit (dict) \"v1\" \"B\" \"\" \"\"))}}"
                + " lookup"
                + "{{ include \"a.lookup \\\" lookup\" .Values.lookup $lookup }}"
                + "{{ $x := omit (dict) .a }}");
  }

  @Test
  void anArchiveCannotLeaveTheChart() throws IOException {
    byte[] evil = Charts.packed("..", Map.of("../../etc/x", "x"));
    assertThatThrownBy(() -> complete(Map.of("charts/evil.tgz", evil)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("would leave the chart");
  }
}
