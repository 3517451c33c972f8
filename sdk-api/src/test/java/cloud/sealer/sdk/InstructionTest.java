package cloud.sealer.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstructionTest {
  private static final SourcePosition NONE = SourcePosition.NONE;
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  private static String copy(@Nullable String checksum, String destination, String... sources) {
    return new Instruction.Copy(List.of(sources), destination, checksum, NONE).text();
  }

  private static void refused(ThrowingCallable call) {
    assertThatIllegalArgumentException().isThrownBy(call);
  }

  @Test
  void writesEachKind() {
    assertThat(new Instruction.From("scratch", null, NONE).text()).isEqualTo("FROM scratch");
    assertThat(new Instruction.From("a:$V", "linux/$P", NONE).text())
        .isEqualTo("FROM --platform=linux/$P a:$V");
    assertThat(new Instruction.Arg("A_1", null, NONE).text()).isEqualTo("ARG A_1");
    assertThat(new Instruction.Arg("A", "", NONE).text()).isEqualTo("ARG A=");
    assertThat(new Instruction.Arg("A", "x, \"y\"", NONE).text()).isEqualTo("ARG A=x, \"y\"");
    assertThat(new Instruction.Run("echo  'a'", NONE).text()).isEqualTo("RUN echo  'a'");
    assertThat(new Instruction.Cmd("a\\\\", NONE).text()).isEqualTo("CMD a\\\\");
    assertThat(copy(null, ".", "a", "[b]")).isEqualTo("COPY a [b] .");
    assertThat(copy(DIGEST, "x", "https://h/f"))
        .isEqualTo("COPY --checksum=" + DIGEST + " https://h/f x");
  }

  @Test
  void writesCopyAsArrayWhereWordsWouldNotDo() {
    assertThat(copy(null, ".", "a b")).isEqualTo("COPY [\"a b\", \".\"]");
    assertThat(copy(null, "a\tb", "c", "d")).isEqualTo("COPY [\"c\", \"d\", \"a\\u0009b\"]");
    assertThat(copy(null, ".", "[a]")).isEqualTo("COPY [\"[a]\", \".\"]");
    assertThat(copy(null, ".", "--a")).isEqualTo("COPY [\"--a\", \".\"]");
    assertThat(copy(null, "<<b", "a")).isEqualTo("COPY [\"a\", \"<<b\"]");
    assertThat(copy(null, ".", "a\\\"")).isEqualTo("COPY [\"a\\\\\\\"\", \".\"]");
    assertThat(copy(DIGEST, ".", "a b"))
        .isEqualTo("COPY --checksum=" + DIGEST + " [\"a b\", \".\"]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", "a\nRUN x", "--a", "a\\", "A", "a:", "a$b c", "a$b\\", "a\0"})
  void refusesImages(String image) {
    refused(() -> new Instruction.From(image, null, NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "linux", "linux/a b", "linux/amd64\n", "$a b"})
  void refusesPlatforms(String platform) {
    refused(() -> new Instruction.From("a", platform, NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1a", "a-b", "a b", "ä", "a\n", "$a"})
  void refusesArgumentNames(String name) {
    refused(() -> new Instruction.Arg(name, null, NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {" a", "a ", "a\nb", "a\rb", "a\\", "\\", "a\0b", "\u2003a"})
  void refusesTextsThatAreNoLine(String text) {
    refused(() -> new Instruction.Arg("a", text, NONE));
    refused(() -> new Instruction.Run(text, NONE));
    refused(() -> new Instruction.Cmd(text, NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--mount=x y", "[\"a\"]"})
  void refusesCommands(String command) {
    refused(() -> new Instruction.Run(command, NONE));
    refused(() -> new Instruction.Cmd(command, NONE));
  }

  @Test
  void refusesCopies() {
    refused(() -> copy(null, "."));
    refused(() -> copy(null, " ", "a"));
    refused(() -> copy(null, ".", ""));
    refused(() -> copy(null, "../x", "a"));
    refused(() -> copy(null, ".", "a/.."));
    refused(() -> copy(null, ".", "a\0"));
    refused(() -> copy("", ".", "a"));
    refused(() -> copy("sha256:00", ".", "a"));
    refused(() -> copy(DIGEST, ".", "a", "b"));
    assertThat(copy(null, ".", "https://h/../a", "git@h:../b"))
        .isEqualTo("COPY https://h/../a git@h:../b .");
  }

  @Test
  void copiesItsSources() {
    List<String> sources = new ArrayList<>(List.of("a"));
    Instruction.Copy copy = new Instruction.Copy(sources, ".", null, NONE);
    sources.add("b");
    assertThat(copy.sources()).containsExactly("a");
  }
}
