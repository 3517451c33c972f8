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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole build in the cloud: the interface of the cloud is the embedded one, the machines are
 * real ones with systemd and OpenSSH, and the cluster that runs on them is a real one.
 */
@Tag("real")
class CloudBuildIT {
  @TempDir static Path work;

  @Test
  void anImageThatOnlyAppearsAtRunTimeIsCollectedAndNothingIsLeft() throws Exception {
    RealTools.require(
        "docker", "dockerd", "docker-registry", "skopeo", "debootstrap", "busybox", "ip");
    try (OperatorLab lab = OperatorLab.start(work)) {
      TreeSet<String> before = lab.everything();
      ContainerMachines machines = new ContainerMachines(work, lab.engine().toString());
      try (EmbeddedCloud cloud = EmbeddedCloud.start(machines)) {
        BuildResult built = build(lab, cloud);

        assertThat(built.discovery().onlyInCluster())
            .anySatisfy(found -> assertThat(found.image().repository()).isEqualTo("team/second"));
        assertThat(cloud.everything()).isEmpty();
        assertThat(cloud.calls()).contains("RunInstances", "DeleteInstances", "DeleteVpc");
      } finally {
        machines.removeNetwork();
      }
      assertThat(lab.everything()).isEqualTo(before);
      lab.sealer("verify", "app:cloud").succeeds();
    }
  }

  private static BuildResult build(OperatorLab lab, EmbeddedCloud cloud) throws Exception {
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
}
