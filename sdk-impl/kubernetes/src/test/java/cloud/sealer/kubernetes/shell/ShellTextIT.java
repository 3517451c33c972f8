package cloud.sealer.kubernetes.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SshOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** With the shell of this machine. */
class ShellTextIT {
  private static final List<String> WORDS =
      List.of(
          "", " ", "a b", "'", "''", "\"", "$HOME", "`id`", "$(id)", "a;b", "a\nb", "\\", "*", "~",
          "#x", "!x", "é", "-n", "a=b", "{a,b}", "%s", "\t");

  private static String sh(String script) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("/bin/sh").redirectErrorStream(true).start();
    try (var stdin = shell.getOutputStream()) {
      stdin.write(script.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).as(output).isZero();
    return output;
  }

  @Test
  void everyWordArrivesAsItIs() throws Exception {
    String script = "printf '<%s>' " + ShellText.command(WORDS);
    StringBuilder expected = new StringBuilder();
    WORDS.forEach(word -> expected.append('<').append(word).append('>'));
    assertThat(sh(script)).isEqualTo(expected.toString());
  }

  @Test
  void childProcessesSeeExportedVariables() throws Exception {
    for (String word : WORDS) {
      String script =
          ShellText.exports(Map.of("A", List.of(word, "x"))) + "sh -c 'printf %s \"$A\"'";
      assertThat(sh(script)).isEqualTo(word + " x");
    }
    assertThat(ShellText.exports(Map.of("b", List.of("a b"), "a-b", List.of("x"))))
        .isEqualTo("export b='a b'\n");
    assertThatThrownBy(() -> ShellText.quote("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHostsOwnVariablesWin() {
    Host host =
        new Host(
            HostAddress.parse("10.0.0.1:22"),
            Set.of("node"),
            SshOptions.NONE,
            Map.of("B", List.of("own", "two")));
    assertThat(ShellText.variables(host, Map.of("A", "1", "B", "2")))
        .isEqualTo(
            Map.of(
                "A", List.of("1"),
                "B", List.of("own", "two"),
                "HostIP", List.of("10.0.0.1")));
  }
}
