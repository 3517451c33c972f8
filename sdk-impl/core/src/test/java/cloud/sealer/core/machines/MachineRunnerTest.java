package cloud.sealer.core.machines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.Machines;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.MachineOwner;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineRunnerTest {
  private static final String IMAGE = "kubernetes:v1.20.2";
  private static final RunOptions PLAIN = RunOptions.DEFAULT;

  @TempDir private Path directory;
  private final FakeMachines fake = new FakeMachines();
  private final FakeRunner.Shared shared = new FakeRunner.Shared();
  private MachineRecords records;
  private MachineRunner runner;

  @BeforeEach
  void open() {
    records = new MachineRecords(directory.resolve("machines"));
    runner = runner(records);
  }

  @AfterEach
  void close() {
    records.close();
  }

  private MachineRunner runner(MachineRecords records) {
    return new MachineRunner(
        new FakeRunner(shared, null),
        connector -> new FakeRunner(shared, connector),
        records,
        () -> new Providers(List.of(fake)),
        (image, options) -> {
          if (!image.equals(IMAGE)) {
            throw SealerException.builder(ErrorCode.IMAGE_NOT_FOUND, "no " + image).build();
          }
        },
        Clock.systemUTC());
  }

  private static ClusterChange.Apply apply(int controlPlanes, int workers) {
    return apply(
        MachineGroup.of(Host.CONTROL_PLANE, controlPlanes), MachineGroup.of(Host.WORKER, workers));
  }

  private static ClusterChange.Apply apply(MachineGroup... groups) {
    return new ClusterChange.Apply(
        ClusterSpec.builder("prod")
            .image(IMAGE)
            .infrastructure(new InfrastructureSpec("", List.of(groups), "", Map.of()))
            .build());
  }

  private Machines machines() {
    return new RecordedMachines(
        List.of(RecordedMachines.Keeper.ofClusters(records, runner::clusters)),
        new Providers(List.of(fake)),
        Clock.systemUTC());
  }

  private SealerException failure(ClusterChange change, RunOptions options) {
    return catchThrowableOfType(SealerException.class, () -> runner.run(change, options));
  }

  @Test
  void noMachineIsMadeForAnImageThatIsNotThere() {
    ClusterSpec other = apply(1, 0).spec().toBuilder().image("nothing:v1").build();
    ClusterChange.Apply change = new ClusterChange.Apply(other);

    assertThat(failure(change, PLAIN).code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
    assertThatThrownBy(() -> runner.plan(change, PLAIN)).hasMessage("no nothing:v1");
    assertThat(fake.addresses()).isEmpty();
    assertThat(records.owners()).isEmpty();
  }

  @Test
  void aClusterComesUpOnMachinesThatAreMadeForIt() {
    RunResult result = runner.run(apply(1, 2), PLAIN);

    assertThat(fake.addresses()).containsExactly("10.9.0.1", "10.9.0.2", "10.9.0.3");
    assertThat(shared.calls()).containsExactly("join 10.9.0.1", "join 10.9.0.2", "join 10.9.0.3");
    assertThat(result.plan().steps())
        .extracting(Plan.Step::name)
        .containsExactly("make machines", "join", "join", "join");
    assertThat(runner.clusters())
        .singleElement()
        .satisfies(
            state -> {
              assertThat(state.spec().controlPlanes()).hasSize(1);
              assertThat(state.spec().workers()).hasSize(2);
            });
    assertThat(machines().abandoned(EventListener.NONE)).as("it lives").isEmpty();
    assertThat(machines().prune(EventListener.NONE)).isEmpty();
    assertThat(fake.addresses()).hasSize(3);
  }

  @Test
  void greaterCountsJoinAndSmallerOnesLeaveTheNewestFirst() {
    runner.run(apply(1, 1), PLAIN);
    shared.calls();

    runner.run(apply(3, 2), PLAIN);
    assertThat(shared.calls()).containsExactly("join 10.9.0.3", "join 10.9.0.4", "join 10.9.0.5");

    RunResult smaller = runner.run(apply(1, 1), PLAIN);
    assertThat(shared.calls())
        .containsExactly("drain 10.9.0.3", "drain 10.9.0.4", "drain 10.9.0.5");
    assertThat(smaller.plan().steps())
        .extracting(Plan.Step::name)
        .containsExactly(
            "drain",
            "drain",
            "drain",
            "remove the machine",
            "remove the machine",
            "remove the machine");
    assertThat(fake.addresses()).containsExactly("10.9.0.1", "10.9.0.2");

    runner.run(apply(MachineGroup.of(Host.CONTROL_PLANE, 1)), PLAIN);
    assertThat(fake.addresses()).as("a group that was dropped").containsExactly("10.9.0.1");
    shared.calls();
    assertThat(runner.run(apply(1, 0), PLAIN).plan().nothingToDo()).isTrue();
    assertThat(shared.calls()).isEmpty();
  }

  @Test
  void plansTellOfMachinesAndMakeNone() {
    assertThat(runner.plan(apply(1, 2), PLAIN).toString())
        .contains("make machines: 1 × master, 2 × node", "make the cluster");
    assertThat(fake.addresses()).isEmpty();
    assertThat(records.owners()).isEmpty();

    Plan first = runner.plan(apply(1, 1), PLAIN);
    runner.execute(first, PLAIN);
    assertThat(runner.plan(apply(1, 1), PLAIN).nothingToDo()).isTrue();
    assertThat(runner.plan(apply(1, 0), PLAIN).steps())
        .extracting(Plan.Step::name)
        .containsExactly("drain", "remove the machine");
    assertThat(runner.plan(new ClusterChange.Delete("prod"), PLAIN).steps())
        .extracting(Plan.Step::name)
        .containsExactly(
            "Delete",
            "remove the machine",
            "remove the machine",
            "remove what belongs to the machines");
    assertThat(catchThrowableOfType(SealerException.class, () -> runner.execute(first, PLAIN)))
        .extracting(SealerException::code)
        .isEqualTo(ErrorCode.PLAN_STALE);
  }

  @Test
  void deletionRemovesTheClusterAndThenEveryMachine() {
    runner.run(apply(1, 1), PLAIN);
    shared.calls();

    runner.run(new ClusterChange.Delete("prod"), PLAIN);

    assertThat(shared.calls()).containsExactly("Delete");
    assertThat(fake.addresses()).isEmpty();
    assertThat(records.owners()).isEmpty();
    assertThat(runner.clusters()).isEmpty();
  }

  @Test
  void aDeletionDoesNotWaitForMachinesThatAreGone() {
    runner.run(apply(1, 1), PLAIN);
    fake.vanish("10.9.0.1");
    fake.vanish("10.9.0.2");

    runner.run(new ClusterChange.Delete("prod"), PLAIN);

    assertThat(runner.clusters()).isEmpty();
    assertThat(records.owners()).isEmpty();
  }

  @Test
  void whatIsLeftIsAnErrorAndTriedAgain() {
    runner.run(apply(1, 2), PLAIN);
    fake.stick("10.9.0.3");

    SealerException left = failure(apply(1, 1), PLAIN);
    assertThat(left.code()).isEqualTo(ErrorCode.MACHINES_LEFT);
    assertThat(left.getMessage()).contains("costing money", "i-3", "it is stuck");

    assertThat(failure(new ClusterChange.Delete("prod"), PLAIN).code())
        .isEqualTo(ErrorCode.MACHINES_LEFT);
    assertThat(fake.addresses()).containsExactly("10.9.0.3");
    assertThat(machines().abandoned(EventListener.NONE)).hasSize(1);
    fake.stick("");
    runner.run(new ClusterChange.Delete("prod"), PLAIN);
    assertThat(fake.addresses()).isEmpty();
    assertThat(records.owners()).isEmpty();
  }

  @Test
  void aDeadProcessIsContinued() {
    fake.limit(2);
    SealerException noStock = failure(apply(1, 2), PLAIN);
    assertThat(noStock.code()).isEqualTo(ErrorCode.MACHINES_UNAVAILABLE);
    assertThat(noStock.getMessage())
        .contains("no stock", "stay, and may cost money", "delete -c prod");
    fake.limit(3);

    try (MachineRecords later = new MachineRecords(directory.resolve("machines"))) {
      runner(later).run(apply(1, 2), PLAIN);
    }

    assertThat(fake.addresses()).containsExactly("10.9.0.1", "10.9.0.2", "10.9.0.3");
  }

  @Test
  void aDeadProcessIsTidiedUpAfterUnlessItsClusterIsRecorded() {
    fake.limit(2);
    failure(apply(1, 2), PLAIN);
    assertThat(machines().abandoned(EventListener.NONE))
        .singleElement()
        .satisfies(left -> assertThat(left.resources()).hasSize(2));
    assertThat(machines().prune(EventListener.NONE)).hasSize(1);
    assertThat(fake.addresses()).isEmpty();

    shared.failing(true);
    assertThat(failure(apply(1, 1), PLAIN)).isInstanceOf(PartialFailureException.class);
    assertThat(runner.clusters()).hasSize(1);
    assertThat(machines().prune(EventListener.NONE)).as("half a cluster").isEmpty();
    assertThat(fake.addresses()).hasSize(2);
  }

  @Test
  void aLostRecordDoesNotMakeTheMachinesOfALivingClusterLeftOvers() {
    runner.run(apply(1, 0), PLAIN);
    try (MachineRecord record = records.open(records.owners().iterator().next()).orElseThrow()) {
      record.delete();
    }

    assertThat(machines().prune(EventListener.NONE)).isEmpty();
    assertThat(fake.addresses()).hasSize(1);

    shared.failing(false);
    new FakeRunner(shared, null).run(new ClusterChange.Delete("prod"), PLAIN);
    assertThat(machines().prune(EventListener.NONE)).as("known by labels").hasSize(1);
    assertThat(fake.addresses()).isEmpty();
  }

  @Test
  void aClusterThatBeginsWhileItsLostMachinesArePrunedLives() {
    runner.run(apply(1, 0), PLAIN);
    try (MachineRecord record = records.open(records.owners().iterator().next()).orElseThrow()) {
      record.delete();
    }
    new FakeRunner(shared, null).run(new ClusterChange.Delete("prod"), PLAIN);
    RecordedMachines.Keeper plain = RecordedMachines.Keeper.ofClusters(records, runner::clusters);
    RecordedMachines.Keeper raced =
        new RecordedMachines.Keeper(
            records,
            MachineOwner.Purpose.CLUSTER,
            () -> {
              Set<String> before = plain.living().get();
              runner.run(apply(1, 1), PLAIN);
              return before;
            });

    new RecordedMachines(List.of(raced), new Providers(List.of(fake)), Clock.systemUTC())
        .prune(EventListener.NONE);

    assertThat(fake.addresses()).hasSize(2);
    String owner = records.owners().iterator().next();
    assertThat(records.look(owner).orElseThrow().resources()).isNotEmpty();
  }

  @Test
  void aRollBackRemovesWhatWasMade() {
    RunOptions rollBack = RunOptions.builder().onFailure(OnFailure.ROLL_BACK).build();
    fake.limit(1);
    assertThat(failure(apply(1, 2), rollBack).getMessage()).isEqualTo("no stock");
    assertThat(fake.addresses()).isEmpty();
    assertThat(records.owners()).isEmpty();

    fake.limit(2);
    runner.run(apply(1, 0), PLAIN);
    failure(apply(1, 2), rollBack);
    assertThat(fake.addresses()).hasSize(1);
  }

  @Test
  void aRollBackKeepsTheMachinesOfAClusterThatDidNotRunBefore() {
    runner.run(apply(1, 1), PLAIN);
    fake.stop("10.9.0.1");
    fake.stop("10.9.0.2");
    shared.failing(true);

    failure(apply(1, 2), RunOptions.builder().onFailure(OnFailure.ROLL_BACK).build());

    assertThat(fake.addresses()).containsExactly("10.9.0.1", "10.9.0.2");
  }

  @Test
  void aRollBackTellsOfWhatWasMadeAndDoesNotRun() {
    runner.run(apply(1, 1), PLAIN);
    fake.crash("10.9.0.3");

    SealerException failure =
        failure(apply(1, 2), RunOptions.builder().onFailure(OnFailure.ROLL_BACK).build());

    assertThat(failure).hasMessageContaining("stay, and may cost money");
  }

  @Test
  void aMachineThatRestartsDoesNotLeaveTheCluster() {
    runner.run(apply(1, 2), PLAIN);
    shared.calls();
    fake.crash("10.9.0.3");

    SealerException failure = failure(apply(1, 2), PLAIN);

    assertThat(failure.code()).isEqualTo(ErrorCode.MACHINES_UNAVAILABLE);
    assertThat(failure).hasMessageContaining("1 × node");
    assertThat(shared.calls()).isEmpty();
  }

  @Test
  void aDeletionThatIsToGoOnRemovesMachinesThatCannotBeCleaned() {
    runner.run(apply(1, 1), PLAIN);
    shared.failing(true);
    ClusterChange.Delete delete = new ClusterChange.Delete("prod");

    assertThat(failure(delete, PLAIN)).isInstanceOf(PartialFailureException.class);
    assertThat(fake.addresses()).hasSize(2);
    runner.run(delete, RunOptions.builder().onFailure(OnFailure.CONTINUE).build());

    assertThat(fake.addresses()).isEmpty();
    assertThat(records.owners()).isEmpty();
    assertThat(runner.clusters()).isEmpty();
  }

  @Test
  void nothingIsKeptOfARequestThatCannotBeMet() {
    fake.limit(0);
    assertThat(failure(apply(1, 0), PLAIN).getMessage()).isEqualTo("no stock");
    assertThat(records.owners()).isEmpty();
    fake.limit(Integer.MAX_VALUE);
    assertThat(
            failure(
                    new ClusterChange.Apply(
                        ClusterSpec.builder("prod")
                            .infrastructure(
                                new InfrastructureSpec(
                                    "other",
                                    List.of(MachineGroup.of(Host.CONTROL_PLANE, 1)),
                                    "",
                                    Map.of()))
                            .build()),
                    PLAIN)
                .code())
        .isEqualTo(ErrorCode.PROVIDER_MISSING);
    runner.run(apply(1, 1), PLAIN);

    assertThat(
            failure(
                apply(
                    MachineGroup.of(Host.CONTROL_PLANE, 1),
                    MachineGroup.of("gpu", 1),
                    MachineGroup.of(Host.WORKER, 1)),
                PLAIN))
        .hasMessageContaining("the group 2 of machines is to be [gpu]");
    ClusterSpec byAddress = ClusterSpec.builder("prod").controlPlanes("10.9.0.1").build();
    assertThat(
            List.of(
                failure(new ClusterChange.Apply(byAddress), PLAIN),
                failure(new ClusterChange.Join("prod", byAddress.groups()), PLAIN),
                failure(
                    new ClusterChange.Remove("prod", List.of(HostAddress.parse("10.9.0.2"))),
                    PLAIN)))
        .allSatisfy(
            refused ->
                assertThat(refused).hasMessageContaining("runs on machines that were made for it"));
    assertThat(fake.addresses()).hasSize(2);
  }

  @Test
  void aClusterOnHostsIsNotMovedToMachines() {
    runner.run(
        new ClusterChange.Apply(ClusterSpec.builder("prod").controlPlanes("10.0.0.1").build()),
        PLAIN);

    assertThat(failure(apply(1, 0), PLAIN)).hasMessageContaining("were not made for it");
    assertThat(fake.addresses()).isEmpty();
    runner.run(new ClusterChange.Delete("prod"), PLAIN);
  }

  @Test
  void whatOnlyLooksReachesMachinesInTheirOwnWay() {
    runner.run(apply(1, 1), PLAIN);
    shared.calls();

    runner.exec("prod", "", "uptime", PLAIN);
    runner.check(apply(1, 1).spec(), PLAIN);
    assertThat(shared.calls()).containsExactly("exec by fake", "check of 2 hosts");
    assertThat(runner.kubeconfig("prod", PLAIN).reveal()).isEqualTo("fake");
    int checks = fake.checks();
    runner.check(apply(1, 2).spec(), PLAIN);
    assertThat(fake.checks()).as("whether a third can be had").isEqualTo(checks + 1);
  }

  @Test
  void twoChangesAtOnceAreRefused() {
    runner.run(apply(1, 0), PLAIN);
    String owner = records.owners().iterator().next();
    try (MachineRecord busy = records.open(owner).orElseThrow()) {
      assertThat(busy.owner().purpose()).isEqualTo(MachineOwner.Purpose.CLUSTER);
      assertThat(failure(apply(1, 1), PLAIN).code()).isEqualTo(ErrorCode.CLUSTER_BUSY);
      assertThat(runner.exec("prod", "", "uptime", PLAIN)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "9.9", "my-cluster.of-the.long-name.that-goes.on-and-on.for-ever"})
  void everyClusterHasAnOwnerOfItsOwn(String cluster) {
    MachineOwner owner = ClusterOwner.of(cluster, "home");
    assertThat(owner.name()).hasSizeLessThanOrEqualTo(40);
    assertThat(ClusterOwner.of(cluster, "elsewhere").name()).isNotEqualTo(owner.name());
    assertThat(ClusterOwner.of(cluster + "x", "home").name()).isNotEqualTo(owner.name());
  }
}
