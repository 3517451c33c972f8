package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.aliyun.AccessKey;
import cloud.sealer.aliyun.AliyunInfrastructure;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RemoteOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.testkit.EmbeddedCloud;
import cloud.sealer.testkit.EmbeddedMachines;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A machine of the embedded cloud builds with the finished program, and pushes what comes of it.
 */
@Timeout(300)
class PushFromMachineIT {
  @TempDir private Path work;
  private EmbeddedRegistry registry;
  private EmbeddedMachines machines;
  private EmbeddedCloud cloud;
  private Sealer sealer;

  @BeforeEach
  void start() {
    registry = EmbeddedRegistry.start();
    machines = EmbeddedMachines.create(work.resolve("machines"));
    cloud = EmbeddedCloud.start(machines);
    sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
            .infrastructure(
                AliyunInfrastructure.builder(
                        () -> AccessKey.of(cloud.keyId(), Secret.of(cloud.keySecret())))
                    .endpoint(cloud.endpoint())
                    .addressService(cloud.addressService())
                    .build())
            .build();
  }

  @AfterEach
  void end() {
    sealer.close();
    cloud.close();
    registry.close();
  }

  private BuildResult build(String name) throws IOException {
    Path context = Files.createDirectories(work.resolve("context"));
    Files.writeString(context.resolve("note"), "made on a machine");
    Path program = Objects.requireNonNull(Program.sealer().getParent()).getParent();
    return sealer
        .builder(BuildMode.CLOUD)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY note etc\n"))
                .context(BuildContext.directory(context))
                .name(name)
                .remote(
                    RemoteOptions.builder()
                        .worker(Objects.requireNonNull(program))
                        .push(true)
                        .infrastructure(
                            new InfrastructureSpec(
                                "aliyun",
                                List.of(MachineGroup.of(Host.CONTROL_PLANE, 1)),
                                "",
                                Map.of("ssh-port", Integer.toString(machines.sshPort()))))
                        .build())
                .build());
  }

  @Test
  void theRegistryHasTheImageAndTheStoreHereHasNoLayerOfIt() throws Exception {
    String name = registry.address() + "/team/app:v1";

    BuildResult built = build(name);

    assertThat(sealer.images().list()).as("nothing came back").isEmpty();
    assertThat(cloud.everything()).isEmpty();
    assertThat(sealer.images().pull(name, EventListener.NONE).digest())
        .isEqualTo(built.image().digest());
    assertThat(sealer.images().verify(name, EventListener.NONE).problems()).isEmpty();
  }

  @Test
  void aPushThatFailsIsToldAsTheMachineToldItAndNothingIsLeft() {
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> build("127.0.0.1:1/team/app:v1"));

    assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(failure.getMessage()).contains("on the machine", "127.0.0.1:1");
    assertThat(cloud.everything()).isEmpty();
  }
}
