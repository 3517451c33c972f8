package cloud.sealer.kubernetes.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplatesTest {
  static Stream<Arguments> templates() {
    return Stream.of(
        Arguments.of("a {{ .A }} {{- .B.C -}} {{ printf \"%s\" .D }}", List.of("A", "B", "D")),
        Arguments.of("{{ if .A }}{{ .A }}{{ else if .B }}{{ .B }}{{ end }}", List.of()),
        Arguments.of("{{ .A | default \"x\" }} {{ .A }}", List.of()),
        Arguments.of("{{ range .A }}{{ .Name }}{{ $.B }}{{ end }}{{ .C }}", List.of("A", "B", "C")),
        Arguments.of("{{ with .A }}{{ .B }}{{ else }}{{ .C }}{{ end }}", List.of("C")),
        Arguments.of("{{ define \"x\" }}{{ .A }}{{ $.B }}{{ end }}{{ .C }}", List.of("C")),
        Arguments.of("{{/* .A }} */}}{{ \".B }}\" }}{{ `.C` }}{{ '.' }}", List.of()),
        Arguments.of("{{ (index .A 0).Name }} {{ $x := .B }}{{ $x.Name }}", List.of("A", "B")),
        Arguments.of("no {braces} .A", List.of()),
        Arguments.of("{{ .A", List.of("A")),
        Arguments.of("{{ end }}{{ .A }}", List.of("A")));
  }

  @ParameterizedTest
  @MethodSource("templates")
  void variablesThatATemplateNeeds(String template, List<String> names) {
    assertThat(TemplateNames.needed(template))
        .extracting(TemplateNames.Use::name)
        .containsExactlyElementsOf(names);
  }

  @Test
  void aMissingOneIsNamedWithItsPlaceAndANearName() {
    Findings findings = new Findings("etc/a.conf.tmpl");
    Templates.check("x\n  é {{ .Prot }}\n{{ .Other }}", Set.of("Port"), findings);
    assertThatThrownBy(() -> findings.throwIfAny(ErrorCode.RENDER_FAILED))
        .isInstanceOf(SealerException.class)
        .hasMessage(
            "etc/a.conf.tmpl:2:8: the template uses the variable Prot, which is not set; did you"
                + " mean Port?\n"
                + "etc/a.conf.tmpl:3:4: the template uses the variable Other, which is not set; set"
                + " it in env, or write {{ .Other | default \"\" }}");
  }

  @Property
  void anyTextIsSearched(@ForAll String text) {
    TemplateNames.needed("{{" + text + "}}" + text);
  }
}
