package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The commands that run clusters, without a cluster: what they refuse, and how they say it. */
class ClusterCommandsIT {
  @TempDir private Path work;

  private record Run(int exit, String out, String err) {}

  private Run run(Object... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.commandLine();
    command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
    all.addAll(
        List.of(
            "--store", work.resolve("store").toString(),
            "--clusters", work.resolve("clusters").toString(),
            "--known-hosts", work.resolve("known_hosts").toString()));
    int exit = command.execute(all.toArray(String[]::new));
    return new Run(exit, out.toString(), err.toString());
  }

  @BeforeEach
  void buildAnImage() throws IOException {
    Path context = Files.createDirectories(work.resolve("context"));
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY hello .\nCMD cat hello\n");
    Files.writeString(context.resolve("hello"), "hello\n");
    int exit =
        Main.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .execute(
                "build",
                "-t",
                "app:v1",
                "--progress",
                "none",
                "--store",
                work.resolve("store").toString(),
                context.toString());
    assertThat(exit).isZero();
  }

  @Test
  void machinesByNumberArePlannedAndNothingStaysIfTheyCannotBeHad() throws IOException {
    Path file = work.resolve("Clusterfile");
    Files.writeString(
        file,
        """
        apiVersion: sealer.cloud/v2
        kind: Cluster
        metadata: {name: prod}
        spec: {image: "app:v1"}
        ---
        apiVersion: sealer.cloud/v2
        kind: Infra
        metadata: {name: prod}
        spec:
          provider: docker
          hosts:
            - {roles: [master], count: 1}
            - {roles: [node], count: 2}
        """);

    Run plan = run("plan", "-f", file);
    assertThat(plan.exit()).as(plan.err()).isZero();
    assertThat(plan.out()).contains("make machines: 1 × master, 2 × node", "make the cluster");

    Run apply = run("apply", "-f", file, "--docker-host", "unix:///nowhere/docker.sock");
    assertThat(apply.exit()).isEqualTo(1);
    assertThat(apply.err())
        .contains("docker engine at unix:///nowhere/docker.sock does not answer")
        .contains("no socket /nowhere/docker.sock");
    try (Stream<Path> files = Files.list(work.resolve("clusters/.machines"))) {
      assertThat(files.filter(Files::isDirectory)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run app:v1 -m 10.0.0.300|-m: \"10.0.0.300\" is neither an IP address nor a host name",
        "run app:v1 -m 10.0.0.9-10.0.0.1|-m: the range \"10.0.0.9-10.0.0.1\" is reversed",
        "run app:v1 -n 10.0.0.2|-n needs -m",
        "run app:v1|no host of the control plane",
        "run app:v1 -m 10.0.0.1 -e novalue|-e must be NAME=VALUE",
        "run app:v1 -m 10.0.0.1 --port 99999|--port: a port is from 1 to 65535",
        "run app:v1 -m 10.0.0.1 --on-failure explode|--on-failure is stop, continue or roll-back",
        "run app:v1 -m 10.0.0.1 --provider ALI_CLOUD|Unknown option",
        "run app:v1 -m 10.0.0.1 --distribution Pigeon|--distribution: a distributor is named by",
        "join|which hosts? Give -m, -n or both",
        "plan join|which hosts? Give -m, -n or both",
        "plan delete|what? Give -m or -n for hosts",
        "plan delete -a|no cluster is recorded",
        "plan upgrade app:v2|no cluster is recorded",
        "plan run app:v1|no host of the control plane",
        "join -n 10.0.0.2|no cluster is recorded",
        "delete|what? Give -m or -n for hosts",
        "delete -a|no cluster is recorded",
        "delete -c my-cluster|there is no terminal to confirm on: give --force",
        "upgrade app:v2|no cluster is recorded",
        "cert --alt-names api.example.com|no cluster is recorded",
        "check|no cluster is recorded",
        "exec uptime|no cluster is recorded"
      })
  void refusesWrongUsage(String line, String message) {
    Run refused = run((Object[]) line.split(" "));
    assertThat(refused.exit()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err()).contains(message).doesNotContain("\tat ");
  }

  @Test
  void anUnknownClusterIsOneClearError() {
    Run refused = run("delete", "-c", "nowhere", "--force");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("nowhere").doesNotContain("\tat ");
  }

  @Test
  void mistakesOfAClusterfileAreAllSaidAtOnce() throws IOException {
    Path file =
        Files.writeString(
            work.resolve("Clusterfile"),
            """
            apiVersion: sealer.cloud/v2
            kind: Cluster
            metadata:
              name: Bad Name
            spec:
              image: app:v1
              hosts:
                - ips: [10.0.0.999]
                  roles: [master]
            """);
    Run refused = run("plan", "-f", file);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err())
        .contains("Clusterfile:4:")
        .contains("Clusterfile:8:")
        .doesNotContain("\tat ");
  }

  @Test
  void aHostThatIsNotThereIsNamedAndNothingIsRecorded() {
    Run refused = run("run", "app:v1", "-m", "127.0.0.1:1", "-p", "Seadent123");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("127.0.0.1:1").doesNotContain("Seadent123", "\tat ");
    assertThat(work.resolve("clusters/my-cluster")).doesNotExist();
  }
}
