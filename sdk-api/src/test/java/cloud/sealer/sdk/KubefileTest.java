package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubefileTest {
  @Test
  void isBuiltInstructionByInstruction() {
    Kubefile kubefile =
        Kubefile.builder()
            .arg("V", "v1.19.8")
            .from("kubernetes:$V")
            .arg("Name")
            .copy("a b", ".")
            .copy(List.of("c", "d"), "manifests")
            .run("echo ${V}")
            .cmd("kubectl apply -f c")
            .add(new Instruction.Cmd("x", SourcePosition.NONE))
            .build();
    assertThat(kubefile)
        .hasToString(
            """
            ARG V=v1.19.8
            FROM kubernetes:$V
            ARG Name
            COPY ["a b", "."]
            COPY c d manifests
            RUN echo ${V}
            CMD kubectl apply -f c
            CMD x
            """);
    assertThat(kubefile.from().image()).isEqualTo("kubernetes:$V");
    assertThat(kubefile.instructions()).hasSize(8).isUnmodifiable();
  }

  @Test
  void isEqualByInstructionsNotByPlace() {
    Kubefile code = Kubefile.builder().from("a").run("b").build();
    SourcePosition place = new SourcePosition("K", 3, 4);
    Kubefile read =
        Kubefile.of(
            List.of(new Instruction.From("a", null, place), new Instruction.Run("b", place)));
    assertThat(read).isEqualTo(code).hasSameHashCodeAs(code);
    assertThat(read).isNotEqualTo(Kubefile.builder().from("a").cmd("b").build());
  }

  @Test
  void hasOneFromAndOnlyArgsBeforeIt() {
    assertThatIllegalArgumentException().isThrownBy(() -> Kubefile.of(List.of()));
    assertThatIllegalArgumentException().isThrownBy(() -> Kubefile.builder().arg("a").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Kubefile.builder().from("a").from("b").build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Kubefile.builder().run("b").from("a").build())
        .withMessageContaining("RUN b");
  }

  @Test
  void saysWhyAFileCannotBeRead(@TempDir Path folder) throws IOException {
    Path missing = folder.resolve("Kubefile");
    assertThatExceptionOfType(SealerException.class)
        .isThrownBy(() -> Kubefile.parse(missing))
        .withMessage("cannot read " + missing + ": no such file")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_KUBEFILE))
        .satisfies(e -> assertThat(e.remedy()).isNotEmpty());
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatExceptionOfType(SealerException.class)
        .isThrownBy(() -> Kubefile.parse(binary))
        .withMessage(binary + " is not UTF-8 text");
  }

  @Test
  void namesTheArtifactThatHasTheParser() {
    assertThatExceptionOfType(SealerException.class)
        .isThrownBy(() -> Kubefile.parse("FROM a"))
        .withMessageContaining("Kubefile parser")
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.PROVIDER_MISSING))
        .satisfies(e -> assertThat(e.getMessage() + e.remedy()).contains("sealer-sdk-core"));
  }
}
