package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.machines.MachineRecord;
import cloud.sealer.core.machines.MachineRecords;
import cloud.sealer.docker.DockerInfrastructure;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ClusterAccess;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One application like an operator in each build mode: lite does not see the image that only
 * appears at run time, local and container mode collect it, and both results hold the same images.
 * Nothing of any build is left in the engine, also after a kill.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BuildModesIT {
  @TempDir static Path work;
  private OperatorLab lab;
  private Path context;
  private TreeSet<String> before;

  @BeforeAll
  void prepare() throws IOException {
    RealTools.require(
        "docker", "dockerd", "docker-registry", "skopeo", "debootstrap", "busybox", "ip");
    lab = OperatorLab.start(work);
    context = lab.application();
    before = lab.everything();
  }

  @AfterAll
  void end() {
    if (lab != null) {
      lab.close();
    }
  }

  private Sealer.Builder sealer() {
    return Sealer.builder()
        .store(lab.store())
        .registries(RegistryOptions.builder().plainHttp(lab.registry()).build());
  }

  private Object[] container(String name, Object... more) {
    List<Object> command =
        new java.util.ArrayList<>(
            List.of(
                "build",
                "-t",
                name,
                "-m",
                "container",
                "--plain-http",
                lab.registry(),
                "--docker-host",
                lab.engine(),
                "--machine-image",
                OperatorLab.MACHINE_IMAGE,
                "--nodes",
                "1",
                "--progress",
                "plain"));
    command.addAll(List.of(more));
    command.add(context);
    return command.toArray();
  }

  @Test
  @Order(1)
  void liteDoesNotSeeWhatOnlyAppearsAtRunTime() {
    Program.Result lite =
        lab.sealer("build", "-t", "app:lite", "--plain-http", lab.registry(), context).succeeds();

    assertThat(lite.out()).doesNotContain("team/second");
    assertThat(lab.images("app:lite"))
        .anyMatch(image -> image.startsWith("team/controller:1 "))
        .noneMatch(image -> image.startsWith("team/second"));
  }

  @Test
  @Order(2)
  void containerModeCollectsItAndLeavesNothing() {
    Program.Result built = lab.sealer(container("app:container")).succeeds();

    System.out.println(built.err() + built.out());
    assertThat(built.out()).contains("only in the cluster: " + lab.registry() + "/team/second:1");
    assertThat(built.err()).contains("> CMD kubectl apply -f manifests/controller.yaml");
    assertThat(lab.images("app:container"))
        .anyMatch(image -> image.startsWith("team/second:1 "))
        .containsAll(lab.images("app:lite"));
    assertThat(lab.everything()).isEqualTo(before);
    lab.sealer("verify", "app:container").succeeds();
  }

  @Test
  @Order(3)
  void localModeCollectsTheSame() throws Exception {
    RecordingTask task = new RecordingTask();
    InfrastructureSpec spec =
        new InfrastructureSpec(
            "",
            List.of(MachineGroup.of(Host.CONTROL_PLANE, 1), MachineGroup.of(Host.WORKER, 1)),
            OperatorLab.MACHINE_IMAGE,
            Map.of());
    try (InfrastructureProvider provider = DockerInfrastructure.of(lab.engine(), null);
        MachineRecords records = new MachineRecords(work.resolve("local"));
        MachineRecord record = records.begin(MachineOwner.Purpose.CLUSTER, provider.name())) {
      try {
        List<Machine> machines = provider.provide(record.owner(), spec, record, task);
        BuildResult result = localBuild(provider.connector(machines, record), machines);

        assertThat(result.discovery().onlyInCluster())
            .singleElement()
            .satisfies(found -> assertThat(found.image().repository()).isEqualTo("team/second"));
        assertThat(lab.images("app:local")).isEqualTo(lab.images("app:container"));
      } finally {
        assertThat(provider.remove(record.owner(), record, task)).isEmpty();
        record.delete();
      }
    }
    assertThat(lab.everything()).isEqualTo(before);
  }

  /** Makes the machines a cluster, and builds here beside it. */
  private BuildResult localBuild(HostConnector connector, List<Machine> machines)
      throws IOException {
    Machine machine = machines.get(0);
    String address = machine.host().address().toString();
    try (Sealer sealer =
        sealer().clusters(work.resolve("clusters")).hostConnector(connector).build()) {
      sealer
          .runner()
          .run(
              new ClusterChange.Apply(
                  ClusterSpec.builder("local")
                      .image(OperatorLab.BASE)
                      .controlPlanes(address)
                      .workers(machines.get(1).host().address().toString())
                      .build()),
              RunOptions.DEFAULT);
      ByteArrayOutputStream admin = new ByteArrayOutputStream();
      try (HostSession session = connector.connect(machine.host(), new RecordingTask())) {
        session.download("/etc/kubernetes/admin.conf", admin);
      }
      Path kubeconfig = work.resolve("kubeconfig");
      Files.writeString(
          kubeconfig,
          admin
              .toString(StandardCharsets.UTF_8)
              .replaceFirst("server: https://[^:]+:", "server: https://" + address + ":"));
      return sealer
          .builder(BuildMode.LOCAL)
          .build(
              BuildRequest.builder()
                  .kubefile(Kubefile.parse(context.resolve("Kubefile")))
                  .context(BuildContext.directory(context))
                  .name("app:local")
                  .cluster(ClusterAccess.kubeconfig(kubeconfig))
                  .build());
    }
  }

  @Test
  @Order(4)
  void whatAKilledBuildLeavesIsFoundAndRemoved() throws Exception {
    Program killed = lab.start(container("app:killed"));
    while (lab.everything().stream().filter(each -> each.startsWith("container")).count() < 2) {
      assertThat(killed.process().isAlive()).isTrue();
      Thread.sleep(500);
    }
    killed.process().destroyForcibly();
    killed.process().descendants().forEach(ProcessHandle::destroyForcibly);
    killed.end();
    assertThat(lab.everything()).isNotEqualTo(before);

    Program.Result pruned =
        lab.sealer("prune", "--machines", "--docker-host", lab.engine()).succeeds();

    assertThat(pruned.out()).contains("1 builds or clusters tidied up after", "network build-");
    assertThat(lab.everything()).isEqualTo(before);
    assertThat(lab.sealer("prune", "--machines", "--docker-host", lab.engine()).succeeds().out())
        .contains("0 builds");
    lab.sealer("inspect", "app:killed").fails(1);
  }
}
