package cloud.sealer.helm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelmProblemTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "template: web/templates/x.yaml:3:7: executing \"web/templates/x.yaml\" at <.a>: nil | web/templates/x.yaml | 3",
        "template: web/templates/x.yaml:3:7: executing \"x\" at <include>: error calling include: template: web/templates/_h.tpl:9:2: executing \"h\" at <.b>: nil | web/templates/_h.tpl | 9",
        "template: web/templates/x.yaml:3:7: at <tpl>: error calling tpl: template: gotpl:1:2: nil | web/templates/x.yaml | 3",
        "execution error at (web/charts/db/templates/y.yaml:12:4): a password is needed | web/charts/db/templates/y.yaml | 12",
        "parse error at (web/templates/x.yaml:5): unclosed action | web/templates/x.yaml | 5",
        "YAML parse error on web/templates/x.yaml: error converting YAML to JSON: yaml: line 4: mapping values | web/templates/x.yaml | 4",
        "found in Chart.yaml, but missing in charts/ directory: gone | '' | 0",
      })
  void placeIsFound(String message, String template, int line) {
    HelmProblem problem = HelmProblem.of(message);
    assertThat(problem.template()).isEqualTo(template);
    assertThat(problem.line()).isEqualTo(line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "template: files/templates/0.yaml:1:8: at <tpl>: cannot parse template \"password x\": template: gotpl:7: missing value | 7 | missing value",
        "template: files/templates/0.yaml:1:8: at <tpl>: template: gotpl:2:3: executing \"gotpl\" at <.a.b>: nil | 2 | <.a.b>: nil",
      })
  void innermostProblemDoesNotQuoteTheText(String message, int line, String text) {
    HelmProblem problem = HelmProblem.innermost(message);
    assertThat(problem.line()).isEqualTo(line);
    assertThat(problem.text()).isEqualTo(text);
  }
}
