package cloud.sealer.kubernetes.plugin.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterCheckTest {
  @TempDir Path directory;
  private final ScriptedHost host = ScriptedHost.of("10.0.0.1", "master");

  private HostCommand command() {
    ClusterCheck step =
        new ClusterCheck(
            new PluginSpec("ready", "CLUSTERCHECK", Set.of(PluginSpec.Phase.PRE_GUEST), "", ""),
            PluginSpec.Phase.PRE_GUEST,
            host.view().host());
    step.run(host.context(step.name()));
    List<HostCommand> commands = host.commands();
    return commands.get(commands.size() - 1);
  }

  /** Executes the script with a kubectl whose answers come one after the other. */
  private String execute(int seconds, String... answers) throws IOException, InterruptedException {
    for (int i = 0; i < answers.length; i++) {
      Files.writeString(directory.resolve("answer" + i), answers[i]);
    }
    Files.writeString(directory.resolve("next"), "0");
    Path kubectl = directory.resolve("kubectl");
    Files.writeString(
        kubectl,
        """
        #!/bin/sh
        n=$(cat DIR/next)
        cat DIR/answer$n
        [ ! -e DIR/answer$((n + 1)) ] || echo $((n + 1)) >DIR/next
        """
            .replace("DIR", directory.toString()));
    Files.setPosixFilePermissions(kubectl, PosixFilePermissions.fromString("rwx------"));
    Path sleep = directory.resolve("sleep");
    Files.writeString(sleep, "#!/bin/sh\n");
    Files.setPosixFilePermissions(sleep, PosixFilePermissions.fromString("rwx------"));
    String text = command().text();
    assertThat(text).contains("+ 900))");
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", text.replace("+ 900))", "+ " + seconds + "))"));
    shell.environment().merge("PATH", directory + ":", (path, ours) -> ours + path);
    Process process = shell.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + ": " + said.strip();
  }

  @Test
  void itWaitsUntilAllPodsAreReady() throws Exception {
    assertThat(
            execute(
                60,
                "",
                "coredns-1   0/1   ContainerCreating   0   1s\n",
                "coredns-1   1/1   Running   0   9s\njob-1   0/1   Completed   0   9s\n"))
        .isEqualTo("0: ");
    assertThat(directory.resolve("next")).hasContent("2");
  }

  @Test
  void itNamesThePodsThatDoNotBecomeReady() throws Exception {
    assertThat(
            execute(
                0,
                "a-1   1/1   Running   0   1h\nb-1   0/1   CrashLoopBackOff   7   1h\n"
                    + "c-1   1/2   Running   0   1h\n"))
        .startsWith("1: these pods are not ready:")
        .contains("b-1", "c-1")
        .doesNotContain("a-1");
  }

  @Test
  void aFailureIsThatOfThePlugin() {
    host.fails("get pods", "b-1 0/1 Pending");

    assertThatThrownBy(this::command)
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLUGIN_FAILED))
        .hasMessageContaining("plugin ready")
        .hasMessageContaining("b-1 0/1 Pending");
  }
}
