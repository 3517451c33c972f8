package cloud.sealer.core.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineRecordsTest {
  private static final MachineResource PLANNED = MachineResource.planned("network", "a");
  private static final MachineResource MADE = PLANNED.made("n-1").with("zone", "z");

  @TempDir private Path directory;

  private Path root() {
    return directory.resolve("machines");
  }

  @Test
  void whatIsRecordedIsReadByTheNextProcess() throws Exception {
    MachineOwner owner;
    try (MachineRecords records = new MachineRecords(root())) {
      try (MachineRecord record = records.begin(MachineOwner.Purpose.BUILD, "fake")) {
        owner = record.owner();
        record.put(PLANNED);
        record.put(MADE);
        record.put(MachineResource.planned("machine", "b"));
        record.remove(MachineResource.planned("machine", "b"));
        assertThat(records.abandoned()).as("at work").isEmpty();
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root())))
        .isEqualTo("rwx------");
    try (MachineRecords records = new MachineRecords(root())) {
      assertThat(records.home()).isEqualTo(owner.home());
      List<MachineRecord> abandoned = records.abandoned();
      assertThat(abandoned)
          .singleElement()
          .satisfies(
              record -> {
                assertThat(record.owner()).isEqualTo(owner);
                assertThat(record.provider()).isEqualTo("fake");
                assertThat(record.resources()).containsExactly(MADE);
              });
      abandoned.get(0).delete();
      abandoned.get(0).close();
      assertThat(records.abandoned()).isEmpty();
      assertThat(records.owners()).isEmpty();
    }
  }

  @Test
  void aProcessThatDiedBeforeItMadeAnythingLeavesNothing() throws Exception {
    try (MachineRecords records = new MachineRecords(root())) {
      records.home();
      Files.createDirectories(root().resolve("build-0123456789"));
      assertThat(records.abandoned()).isEmpty();
      assertThat(records.owners()).isEmpty();
    }
  }

  @Test
  void pruneRemovesByRecordsAndByLabelsButNothingOfOthersOrOfTheLiving() {
    Fake fake = new Fake();
    try (MachineRecords records = new MachineRecords(root())) {
      String home = records.home();
      MachineRecord dead = records.begin(MachineOwner.Purpose.BUILD, "fake");
      dead.put(MADE);
      dead.close();
      MachineOwner lost = new MachineOwner("build-lost", MachineOwner.Purpose.BUILD, home);
      MachineOwner cluster = new MachineOwner("cluster-a", MachineOwner.Purpose.CLUSTER, home);
      MachineOwner foreign = new MachineOwner("build-x", MachineOwner.Purpose.BUILD, "elsewhere");
      try (MachineRecord living = records.begin(MachineOwner.Purpose.BUILD, "fake")) {
        fake.owners.addAll(List.of(dead.owner(), lost, cluster, foreign, living.owner()));
        Machines machines =
            new RecordedMachines(
                List.of(RecordedMachines.Keeper.ofBuilds(records)),
                new Providers(List.of(fake)),
                Clock.systemUTC());

        assertThat(machines.abandoned(EventListener.NONE))
            .extracting(Machines.Abandoned::owner)
            .containsExactlyInAnyOrder(dead.owner().name(), "build-lost");
        assertThat(machines.prune(EventListener.NONE)).hasSize(2);

        assertThat(fake.owners).containsExactlyInAnyOrder(cluster, foreign, living.owner());
        assertThat(records.owners()).containsExactly(living.owner().name());
      }
    }
  }

  @Test
  void whatCannotBeRemovedIsAnErrorAndStaysRecorded() {
    Fake fake = new Fake();
    fake.stuck = true;
    try (MachineRecords records = new MachineRecords(root())) {
      MachineRecord dead = records.begin(MachineOwner.Purpose.BUILD, "fake");
      dead.put(MADE);
      dead.close();
      Machines machines =
          new RecordedMachines(
              List.of(RecordedMachines.Keeper.ofBuilds(records)),
              new Providers(List.of(fake)),
              Clock.systemUTC());

      SealerException failure =
          catchThrowableOfType(SealerException.class, () -> machines.prune(EventListener.NONE));

      assertThat(failure.code()).isEqualTo(ErrorCode.MACHINES_LEFT);
      assertThat(failure.getMessage()).contains("network a (n-1)", "in use", "costing money");
      assertThat(machines.abandoned(EventListener.NONE)).hasSize(1);
      fake.stuck = false;
      assertThat(machines.prune(EventListener.NONE)).hasSize(1);
      assertThat(machines.abandoned(EventListener.NONE)).isEmpty();
    }
  }

  /** Knows owners by their labels, and forgets them when told to. */
  private static final class Fake implements InfrastructureProvider {
    private final List<MachineOwner> owners = new ArrayList<>();
    private boolean stuck;

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public BuildMode mode() {
      return BuildMode.CLOUD;
    }

    @Override
    public void check(InfrastructureSpec spec, Task task) {}

    @Override
    public List<Machine> provide(
        MachineOwner owner, InfrastructureSpec spec, ResourceLog log, Task task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Machine> machines(MachineOwner owner, ResourceLog log, Task task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Leftover> release(
        MachineOwner owner, List<Machine> machines, ResourceLog log, Task task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Leftover> remove(MachineOwner owner, ResourceLog log, Task task) {
      if (stuck) {
        return log.resources().stream().map(r -> new Leftover(r, "it is in use", true)).toList();
      }
      owners.remove(owner);
      log.resources().forEach(log::remove);
      return List.of();
    }

    @Override
    public List<MachineOwner> owners(Task task) {
      return List.copyOf(owners);
    }

    @Override
    public HostConnector connector(List<Machine> machines, ResourceLog log) {
      throw new UnsupportedOperationException();
    }
  }
}
