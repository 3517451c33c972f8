package cloud.sealer.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.machines.MachineRecord;
import cloud.sealer.core.machines.MachineRecords;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.testkit.RecordingTask;
import cloud.sealer.testkit.tck.InfrastructureProviderTck;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
class DockerInfrastructureTckIT extends InfrastructureProviderTck {
  private static Engine engine;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    engine = Engine.start(directory, "overlay2");
  }

  @AfterAll
  static void stop() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  @Override
  protected InfrastructureProvider provider() {
    return DockerInfrastructure.of(engine.address(), null);
  }

  @Override
  protected InfrastructureSpec spec(int controlPlanes, int workers) {
    List<MachineGroup> groups = new ArrayList<>();
    groups.add(MachineGroup.of(Host.CONTROL_PLANE, controlPlanes).sized(1, 64L << 20));
    if (workers > 0) {
      groups.add(MachineGroup.of(Host.WORKER, workers));
    }
    return new InfrastructureSpec("docker", groups, Engine.IMAGE, Map.of());
  }

  @Override
  protected Collection<String> everything() throws Exception {
    return engine.everything();
  }

  private SealerException refused(InfrastructureProvider provider, InfrastructureSpec spec) {
    try (provider) {
      return catchThrowableOfType(
          SealerException.class, () -> provider.check(spec, new RecordingTask()));
    }
  }

  @Test
  void whatTheEngineLacksIsSaidAtOnceWithRemedies() {
    InfrastructureSpec large =
        new InfrastructureSpec(
            "",
            List.of(MachineGroup.of(Host.CONTROL_PLANE, 1).sized(4000, 1L << 50)),
            Engine.IMAGE,
            Map.of());

    SealerException refused = refused(provider(), large);

    assertThat(refused.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(refused.getMessage()).contains("4000 processors", "MiB of memory");
    assertThat(refused.remedy()).isNotEmpty();
  }

  @Test
  void anEngineThatIsNotThereIsSaidWithARemedy() {
    SealerException refused =
        refused(
            DockerInfrastructure.of(URI.create("unix:///nowhere/docker.sock"), null), spec(1, 0));
    assertThat(refused.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(refused.remedy()).contains("no socket /nowhere/docker.sock");

    SealerException tcp =
        refused(DockerInfrastructure.of(URI.create("tcp://127.0.0.1:1"), null), spec(1, 0));
    assertThat(tcp.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(tcp.remedy()).contains("TLS");
  }

  @Test
  void itsMachinesAreReachedAndNoOtherContainer(@TempDir Path directory) {
    RecordingTask task = new RecordingTask();
    try (MachineRecords records = new MachineRecords(directory);
        MachineRecord one = records.begin(MachineOwner.Purpose.BUILD, "docker");
        MachineRecord other = records.begin(MachineOwner.Purpose.BUILD, "docker");
        InfrastructureProvider provider = provider()) {
      try {
        List<Machine> mine = provider.provide(one.owner(), spec(1, 0), one, task);
        List<Machine> foreign = provider.provide(other.owner(), spec(1, 0), other, task);

        try (HostConnector connector = provider.connector(mine, one)) {
          assertThat(connector.reaches(mine.get(0).host())).isTrue();
          assertThat(connector.reaches(foreign.get(0).host())).isFalse();
          assertThat(connector.reaches(Host.at(HostAddress.parse(Engine.CONTAINER)))).isFalse();
        }
      } finally {
        assertThat(provider.remove(one.owner(), one, task)).isEmpty();
        assertThat(provider.remove(other.owner(), other, task)).isEmpty();
      }
    }
  }

  @Test
  void unknownOptionsAndDisksAreRefused() {
    InfrastructureSpec option =
        new InfrastructureSpec("", spec(1, 0).groups(), Engine.IMAGE, Map.of("colour", "blue"));
    assertThat(refused(provider(), option).getMessage()).contains("colour");
    MachineGroup disks =
        new MachineGroup(java.util.Set.of(Host.CONTROL_PLANE), 1, 0, 0, 1 << 30, List.of());
    assertThat(
            refused(provider(), new InfrastructureSpec("", List.of(disks), "", Map.of()))
                .getMessage())
        .contains("disks");
  }
}
