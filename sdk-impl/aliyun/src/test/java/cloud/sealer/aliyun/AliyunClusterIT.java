package cloud.sealer.aliyun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.machines.MachineRecords;
import cloud.sealer.core.machines.MachineRunner;
import cloud.sealer.core.machines.Providers;
import cloud.sealer.core.machines.RecordedMachines;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.EmbeddedCloud;
import cloud.sealer.testkit.EmbeddedMachines;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The machines of a cluster in a cloud, from the first run to the deletion. What makes a cluster of
 * them is light: it reaches every host and executes a command there.
 */
@Timeout(300)
class AliyunClusterIT {
  private final Map<String, ClusterState> clusters = new TreeMap<>();
  private EmbeddedMachines machines;
  private EmbeddedCloud cloud;
  private AliyunInfrastructure provider;
  private MachineRecords records;
  private Runner runner;
  @TempDir private Path directory;

  @BeforeEach
  void start() {
    machines = EmbeddedMachines.create();
    cloud = EmbeddedCloud.start(machines);
    provider = Clouds.provider(cloud).build();
    records = new MachineRecords(directory);
    runner =
        new MachineRunner(
            new LightRunner(clusters, null),
            connector -> new LightRunner(clusters, connector),
            records,
            () -> new Providers(List.of(provider)),
            (image, options) -> {},
            Clock.systemUTC());
  }

  @AfterEach
  void end() {
    records.close();
    cloud.close();
  }

  private ClusterChange.Apply apply(int controlPlanes, int workers) {
    return new ClusterChange.Apply(
        ClusterSpec.builder("prod")
            .infrastructure(
                new InfrastructureSpec(
                    "aliyun",
                    List.of(
                        MachineGroup.of(Host.CONTROL_PLANE, controlPlanes),
                        MachineGroup.of(Host.WORKER, workers)),
                    "",
                    Map.of("ssh-port", Integer.toString(machines.sshPort()))))
            .build());
  }

  private long instances() {
    return cloud.everything().stream().filter(each -> each.startsWith("i-")).count();
  }

  private RecordedMachines left() {
    return new RecordedMachines(
        List.of(RecordedMachines.Keeper.ofClusters(records, runner::clusters)),
        new Providers(List.of(provider)),
        Clock.systemUTC());
  }

  @Test
  void machinesComeAndGoWithTheCluster() {
    runner.run(apply(1, 1), RunOptions.DEFAULT);
    assertThat(instances()).isEqualTo(2);
    Host first = clusters.get("prod").spec().controlPlanes().get(0);

    runner.run(apply(2, 1), RunOptions.DEFAULT);
    assertThat(instances()).isEqualTo(3);
    runner.exec("prod", "", "hostname", RunOptions.DEFAULT);

    runner.run(apply(1, 0), RunOptions.DEFAULT);
    assertThat(instances()).isEqualTo(1);
    assertThat(clusters.get("prod").spec().hosts()).containsExactly(first);
    assertThat(left().prune(EventListener.NONE)).isEmpty();
    assertThat(instances()).isEqualTo(1);

    runner.run(new ClusterChange.Delete("prod"), RunOptions.DEFAULT);
    assertThat(cloud.everything()).isEmpty();
    assertThat(records.owners()).isEmpty();
  }

  @Test
  void whatCostsMoneyIsAnErrorUntilItIsGone() {
    runner.run(apply(1, 0), RunOptions.DEFAULT);
    cloud.faults().fail("DeleteInstances", "IncorrectInstanceStatus", Integer.MAX_VALUE);

    SealerException left =
        catchThrowableOfType(
            SealerException.class,
            () -> runner.run(new ClusterChange.Delete("prod"), RunOptions.DEFAULT));

    assertThat(left.code()).isEqualTo(ErrorCode.MACHINES_LEFT);
    assertThat(left.getMessage()).contains("costing money", "IncorrectInstanceStatus");
    cloud.faults().clear();
    assertThat(left().prune(EventListener.NONE)).hasSize(1);
    assertThat(cloud.everything()).isEmpty();
  }
}
