package cloud.sealer.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SourcePosition;
import cloud.sealer.sdk.spi.KubefileParser;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Checks a {@link KubefileParser}. */
public abstract class KubefileParserTck {
  private static final String TEXT =
      """
      ARG BASE=kubernetes:v1.20.2
      FROM ${BASE}
      # a comment
      copy a.yaml b.yaml manifests/
      RUN echo one && \\
          echo "$HOME"
      CMD kubectl apply -f manifests/
      """;

  /** For subclasses. */
  protected KubefileParserTck() {}

  /**
   * The parser to check.
   *
   * @return a parser
   */
  protected abstract KubefileParser parser();

  private SealerException mistakes(String text) {
    SealerException failure =
        Tck.failure(() -> parser().parse(text, "dir/Kubefile"), ErrorCode.INVALID_KUBEFILE);
    assertThat(failure.diagnostics()).isNotEmpty();
    return failure;
  }

  @Test
  void readsEveryInstruction() {
    assertThat(parser().parse(TEXT, "Kubefile"))
        .isEqualTo(
            Kubefile.builder()
                .arg("BASE", "kubernetes:v1.20.2")
                .from("${BASE}")
                .copy(List.of("a.yaml", "b.yaml"), "manifests/")
                .run("echo one &&     echo \"$HOME\"")
                .cmd("kubectl apply -f manifests/")
                .build());
  }

  @Test
  void positionsNameTheFile() {
    List<Instruction> instructions = parser().parse(TEXT, "dir/Kubefile").instructions();
    assertThat(instructions.stream().map(Instruction::position))
        .extracting(SourcePosition::file, SourcePosition::line)
        .containsExactly(
            tuple("dir/Kubefile", 1),
            tuple("dir/Kubefile", 2),
            tuple("dir/Kubefile", 4),
            tuple("dir/Kubefile", 5),
            tuple("dir/Kubefile", 7));
  }

  @Test
  void canonicalTextParsesToAnEqualKubefile() {
    Kubefile kubefile = parser().parse(TEXT, "Kubefile");
    assertThat(parser().parse(kubefile.toString(), "Kubefile")).isEqualTo(kubefile);
  }

  @Test
  void windowsLineEndsAndMissingFinalLineEndChangeNothing() {
    Kubefile expected = parser().parse("FROM scratch\nCMD a\n", "Kubefile");
    assertThat(parser().parse("\uFEFFFROM scratch\r\nCMD a", "Kubefile")).isEqualTo(expected);
  }

  @Test
  void everyMistakeIsReportedWithItsPlace() {
    SealerException failure = mistakes("FROM scratch\nCOPY one\nNOSUCH x\nARG 1x=2\n");
    assertThat(failure.diagnostics())
        .filteredOn(finding -> finding.severity() == Diagnostic.Severity.ERROR)
        .allSatisfy(
            finding -> {
              assertThat(finding.position().file()).isEqualTo("dir/Kubefile");
              assertThat(finding.position().column()).isPositive();
              assertThat(finding.message()).isNotBlank();
            })
        .extracting(finding -> finding.position().line())
        .contains(2, 3, 4);
  }

  @Test
  void kubefileWithoutBaseIsAMistake() {
    mistakes("");
    mistakes("# nothing\n");
    mistakes("RUN echo\n");
    mistakes("FROM scratch\nFROM scratch\n");
  }

  @Test
  void threadsShareAParser() throws Exception {
    KubefileParser shared = parser();
    Kubefile expected = shared.parse(TEXT, "Kubefile");
    assertThat(Tck.atOnce(8, () -> shared.parse(TEXT, "Kubefile"))).containsOnly(expected);
  }
}
