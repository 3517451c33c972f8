package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.kubernetes.record.ClusterRecords;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Host;
import cloud.sealer.testkit.EmbeddedSshHost;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
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
  /** What this machine, which is no host for a cluster, may be found unfit for. */
  private static final String CHECKS =
      "clock,disk,hostname,kubernetes,machine-id,memory,modules,ports,programs,runtime,swap,systemd";

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
    images("build", "-t", "app:v1", context);
  }

  /** A command on the store alone. */
  private void images(Object... words) {
    List<String> all = new ArrayList<>(Stream.of(words).map(Object::toString).toList());
    all.addAll(List.of("--progress", "none", "--store", work.resolve("store").toString()));
    CommandLine command = Main.commandLine().setOut(new PrintWriter(new StringWriter()));
    assertThat(command.execute(all.toArray(String[]::new))).isZero();
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

  @Test
  void anImageMakesNoMachinesUnasked() throws IOException {
    Path context = Files.createDirectories(work.resolve("greedy"));
    Files.createDirectories(context.resolve("etc"));
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY . .\n");
    Files.writeString(
        context.resolve("etc/Clusterfile"),
        """
        apiVersion: sealer.cloud/v2
        kind: Cluster
        metadata: {name: prod}
        spec: {image: "greedy:v1"}
        ---
        apiVersion: sealer.cloud/v2
        kind: Infra
        metadata: {name: prod}
        spec:
          provider: docker
          image: evil:latest
          hosts:
            - {roles: [master], count: 3}
        """);
    images("build", "-t", "greedy:v1", context);

    Run refused = run("run", "greedy:v1", "--docker-host", "unix:///nowhere/docker.sock");
    assertThat(refused.exit()).as(refused.err()).isEqualTo(2);
    assertThat(refused.err())
        .contains("wants 3 machines of docker made from \"evil:latest\"", "--make-machines");

    assertThat(run("plan", "run", "greedy:v1").out()).contains("make machines: 3 × master");
    Run asked =
        run("run", "greedy:v1", "--make-machines", "--docker-host", "unix:///nowhere/docker.sock");
    assertThat(asked.err()).contains("docker engine at unix:///nowhere/docker.sock");
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
        "run app:v1 -m 10.0.0.1 --podcidr many|--podcidr must be like 10.96.0.0/16",
        "run app:v1 -m 10.0.0.1 -p x --passwd-file y|-p and --passwd-file exclude each other",
        "run app:v1 -m 10.0.0.1 --pk-passwd x --pk-passwd-file y|--pk-passwd and --pk-passwd-file",
        "run app:v1 -m 10.0.0.1 --pk-passwd|there is no terminal to ask on: give --pk-passwd -",
        "check -m 10.0.0.1 --pre --post|--pre and --post exclude each other",
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

  @Test
  void hostsThatAClusterfileDoesNotNameAnyMoreAreNotRemovedUnasked() throws IOException {
    ClusterSpec three =
        ClusterSpec.builder("test")
            .image("app:v1")
            .controlPlanes("127.0.0.1:1")
            .workers("127.0.0.2:1,127.0.0.3:1")
            .build();
    new ClusterRecords(work.resolve("clusters"))
        .save(
            new ClusterState(
                three,
                Digest.sha256("0".repeat(64)),
                List.of(),
                three.hosts().stream().map(Host::address).toList(),
                true,
                Instant.EPOCH));
    Path file =
        Files.writeString(
            work.resolve("Clusterfile"),
            three.toBuilder().groups(three.groups().subList(0, 1)).build().toYaml());

    Run asked = run("apply", "-f", file);
    Run forced = run("apply", "-f", file, "--force");
    Run planned = run("plan", "-f", file);
    Run run = run("run", "app:v1", "-c", "test", "-m", "127.0.0.1:1", "-n", "127.0.0.2:1");

    assertThat(asked.exit()).isEqualTo(2);
    assertThat(asked.err())
        .contains("--force to remove 127.0.0.2:1, 127.0.0.3:1 from the cluster test");
    assertThat(run.err()).contains("--force to remove 127.0.0.3:1 from the cluster test");
    for (Run unasked : List.of(forced, planned)) {
      assertThat(unasked.exit()).isEqualTo(1);
      assertThat(unasked.err()).contains("127.0.0.1:1").doesNotContain("--force");
    }
  }

  /** An archive of an image that brings Kubernetes, which is then in no store. */
  private Path archiveOfKubernetes() throws IOException {
    Path context = work.resolve("context");
    Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY . .\nCMD cat hello\n");
    Files.writeString(context.resolve("Metadata"), "{\"version\":\"v1.20.2\",\"arch\":\"amd64\"}");
    Files.createDirectories(context.resolve("scripts"));
    Files.writeString(context.resolve("scripts/init.sh"), "#!/bin/sh\n");
    Path archive = work.resolve("kubernetes.tar");
    images("build", "-t", "k8s:v1", "--suspected", "warn", context);
    images("save", "-o", archive, "k8s:v1");
    images("rmi", "k8s:v1");
    images("rmi", "app:v1");
    images("prune");
    return archive;
  }

  @Test
  void aClusterStartsFromAnArchive() throws IOException {
    Path archive = archiveOfKubernetes();
    try (EmbeddedSshHost ssh = EmbeddedSshHost.start()) {
      Object[] command = {
        "run",
        archive,
        "-m",
        ssh.host().address(),
        "-p",
        "embedded-password",
        "--host-key",
        ssh.host().address() + "=" + ssh.fingerprint(),
        "--ignore",
        CHECKS,
        "--dry-run"
      };
      Run plan = run(command);
      assertThat(plan.exit()).as(plan.err()).isZero();
      assertThat(plan.out()).contains("rootfs", "init.sh", "cat hello");
      // It was read where it lies.
      try (Stream<Path> blobs = Files.list(work.resolve("store/blobs/sha256"))) {
        assertThat(blobs).isEmpty();
      }
    }
  }
}
