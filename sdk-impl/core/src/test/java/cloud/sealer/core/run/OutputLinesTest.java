package cloud.sealer.core.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputLinesTest {
  private static List<String> lines(byte[] bytes, int step) {
    List<String> lines = new ArrayList<>();
    OutputLines splitter = new OutputLines(lines::add);
    for (int i = 0; i < bytes.length; i += step) {
      byte[] part = Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + step));
      splitter.write(part, 0, part.length);
    }
    splitter.end();
    return lines;
  }

  private static List<String> lines(String text) {
    return lines(text.getBytes(StandardCharsets.UTF_8), 3);
  }

  @Test
  void linesEndWithLineFeedWithOrWithoutCarriageReturn() {
    assertThat(lines("a\r\n\nb\rc\n  last")).containsExactly("a", "", "b\rc", "  last");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n")).containsExactly("");
  }

  @Test
  void bytesThatAreNotTextAreReplaced() {
    assertThat(lines(new byte[] {'a', (byte) 0xff, (byte) 0xc3, '\n', 0}, 1))
        .containsExactly("a\ufffd\ufffd", "\0");
  }

  @Test
  void lineOfExactlyTheLimitIsOnePiece() {
    assertThat(lines("x".repeat(65536) + "\ny")).containsExactly("x".repeat(65536), "y");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 100_000})
  void piecesOfLongLinesNeverCutACharacter(int step) {
    Random random = new Random(step);
    String[] alphabet = {"a", "ü", "中", "😀"};
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append(alphabet[random.nextInt(alphabet.length)]);
    }
    List<String> pieces = lines(text.toString().getBytes(StandardCharsets.UTF_8), step);
    assertThat(String.join("", pieces)).isEqualTo(text.toString());
    assertThat(pieces).hasSizeGreaterThan(5);
    assertThat(pieces).allMatch(p -> p.getBytes(StandardCharsets.UTF_8).length <= 65536);
  }

  @Test
  void longRunOfContinuationBytesIsNotHeldBack() {
    byte[] bytes = new byte[200_000];
    Arrays.fill(bytes, (byte) 0x80);
    assertThat(lines(bytes, 1000).stream().mapToInt(String::length).sum()).isEqualTo(200_000);
  }
}
