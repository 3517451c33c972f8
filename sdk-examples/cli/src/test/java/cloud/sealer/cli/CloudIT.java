package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.aliyun.AccessKey;
import cloud.sealer.aliyun.AliyunInfrastructure;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RemoteOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.Secret;
import cloud.sealer.testkit.EmbeddedCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cloud from end to end: its interface is the embedded one, the machines are real ones with
 * systemd and OpenSSH, and the clusters that run on them are real ones.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CloudIT {
  @TempDir static Path work;
  private OperatorLab lab;
  private TreeSet<String> before;
  private ContainerMachines machines;
  private EmbeddedCloud cloud;

  @BeforeAll
  void prepare() throws IOException {
    RealTools.require(
        "docker", "dockerd", "docker-registry", "skopeo", "debootstrap", "busybox", "ip");
    lab = OperatorLab.start(work);
    before = lab.everything();
  }

  @AfterAll
  void end() {
    if (lab != null) {
      lab.close();
    }
  }

  @BeforeEach
  void start() {
    machines = new ContainerMachines(work, lab.engine().toString());
    cloud = EmbeddedCloud.start(machines);
  }

  @AfterEach
  void stop() {
    cloud.close();
    machines.removeNetwork();
    assertThat(lab.everything()).isEqualTo(before);
  }

  @Test
  void anImageThatOnlyAppearsAtRunTimeIsCollectedAndNothingIsLeft() throws Exception {
    lab.sealer("build", "-t", "app:lite", "--plain-http", lab.registry(), lab.application())
        .succeeds();

    BuildResult built = build();

    assertThat(built.discovery().onlyInCluster())
        .anySatisfy(found -> assertThat(found.image().repository()).isEqualTo("team/second"));
    assertThat(cloud.everything()).isEmpty();
    assertThat(cloud.calls()).contains("RunInstances", "DeleteInstances", "DeleteVpc");
    TreeSet<String> images = lab.images("app:cloud");
    assertThat(images).containsAll(lab.images("app:lite"));
    images.removeAll(lab.images("app:lite"));
    assertThat(images).singleElement().asString().startsWith("team/second:1 ");
    lab.sealer("verify", "app:cloud").succeeds();
  }

  private BuildResult build() throws Exception {
    Path context = lab.application();
    AliyunInfrastructure provider =
        AliyunInfrastructure.builder(
                () -> AccessKey.of(cloud.keyId(), Secret.of(cloud.keySecret())))
            .endpoint(cloud.endpoint())
            .addressService(cloud.addressService())
            .build();
    try (Sealer sealer =
        Sealer.builder()
            .store(lab.store())
            .registries(RegistryOptions.builder().plainHttp(lab.registry()).build())
            .infrastructure(provider)
            .build()) {
      Path program = Objects.requireNonNull(Program.sealer().getParent()).getParent();
      return sealer
          .builder(BuildMode.CLOUD)
          .build(
              BuildRequest.builder()
                  .kubefile(Kubefile.parse(context.resolve("Kubefile")))
                  .context(BuildContext.directory(context))
                  .name("app:cloud")
                  .remote(
                      RemoteOptions.builder()
                          .worker(Objects.requireNonNull(program))
                          .infrastructure(
                              new InfrastructureSpec(
                                  "aliyun",
                                  List.of(
                                      MachineGroup.of(Host.CONTROL_PLANE, 1),
                                      MachineGroup.of(Host.WORKER, 1)),
                                  "",
                                  Map.of()))
                          .build())
                  .build());
    }
  }

  @Test
  void aClusterGrowsAndShrinksAsItsClusterfileCountsMachines() throws IOException {
    apply(1);
    assertThat(readyNodes()).isEqualTo(2);

    apply(2);
    assertThat(readyNodes()).isEqualTo(3);
    assertThat(sealer("apply", "-f", work.resolve("Clusterfile"), "--force").out())
        .contains("nothing to do");

    apply(1);
    assertThat(readyNodes()).isEqualTo(2);
    assertThat(instances()).isEqualTo(2);
    assertThat(sealer("prune", "--machines").out()).contains("0 builds");

    sealer("delete", "-c", "prod", "--force");
    assertThat(cloud.everything()).isEmpty();
  }

  private void apply(int workers) throws IOException {
    Files.writeString(
        work.resolve("Clusterfile"),
        """
        apiVersion: sealer.cloud/v2
        kind: Cluster
        metadata: {name: prod}
        spec: {image: "%s"}
        ---
        apiVersion: sealer.cloud/v2
        kind: Infra
        metadata: {name: prod}
        spec:
          provider: aliyun
          hosts:
            - {roles: [master], count: 1, cpu: 2, memory: 4}
            - {roles: [node], count: %d, cpu: 2, memory: 4}
        """
            .formatted(OperatorLab.BASE, workers));
    Program.Result applied = sealer("apply", "-f", work.resolve("Clusterfile"), "--force");
    System.out.println(applied.err() + applied.out());
  }

  private long readyNodes() {
    String nodes =
        sealer(
                "exec",
                "-c",
                "prod",
                "-r",
                "master",
                "kubectl wait --for=condition=Ready --timeout=120s nodes --all >/dev/null;"
                    + " kubectl get nodes --no-headers")
            .out();
    System.out.println(nodes);
    return nodes.lines().filter(line -> line.contains(" Ready ")).count();
  }

  private long instances() {
    return cloud.everything().stream().filter(each -> each.startsWith("i-")).count();
  }

  private Program.Result sealer(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    int options = all.get(0).equals("exec") ? all.size() - 1 : all.size();
    all.addAll(
        options,
        List.of(
            "--cloud-endpoint",
            cloud.endpoint(),
            "--address-service",
            cloud.addressService(),
            "--progress",
            "plain"));
    List<String> key =
        List.of("ACCESSKEYID=" + cloud.keyId(), "ACCESSKEYSECRET=" + cloud.keySecret());
    return OperatorLab.ended(lab.start(key, all.toArray())).succeeds();
  }
}
