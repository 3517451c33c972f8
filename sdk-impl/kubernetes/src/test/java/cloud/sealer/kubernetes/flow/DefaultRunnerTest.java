package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.HostResult.Outcome;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunOptions.OnFailure;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultRunnerTest {
  private static final RunOptions STOP = RunOptions.DEFAULT;

  @TempDir Path directory;
  TestCluster cluster;
  Runner runner;

  @BeforeEach
  void open() {
    cluster = new TestCluster(directory);
    runner = cluster.runner();
  }

  @AfterEach
  void close() {
    assertThat(cluster.hosts.open).hasValue(0);
    cluster.close();
    assertThat(TestCluster.threads()).isEmpty();
  }

  private static ClusterChange apply(int hosts) {
    return new ClusterChange.Apply(TestCluster.spec(hosts));
  }

  private static void fail() {
    throw SealerException.builder(ErrorCode.COMMAND_FAILED, "it broke").build();
  }

  private PartialFailureException failing(ClusterChange change, OnFailure policy) {
    RunOptions options = RunOptions.builder().onFailure(policy).build();
    return catchThrowableOfType(PartialFailureException.class, () -> runner.run(change, options));
  }

  private static List<Outcome> outcomes(List<HostResult> results) {
    return results.stream().map(HostResult::outcome).toList();
  }

  @Test
  void twoPlansAreEqualAndChangeNothing() {
    Map<String, String> before = cluster.tree();

    Plan first = runner.plan(apply(3), STOP);
    Plan second = runner.plan(apply(3), STOP);

    assertThat(second).isEqualTo(first);
    assertThat(first.toString()).startsWith("  1  10.0.0.1         prepare: not done yet\n");
    assertThat(first.steps()).hasSize(7);
    assertThat(cluster.tree()).isEqualTo(before);
    assertThat(runner.clusters()).isEmpty();
  }

  @Test
  void whatHoldsIsRecordedAndNotDoneAgain() throws Exception {
    RunResult result = runner.run(apply(3), STOP);
    assertThat(outcomes(result.hosts())).containsOnly(Outcome.DONE);
    assertThat(result.hosts().get(0).done()).containsExactly("prepare", "join", "commands");
    assertThat(cluster.file(3, "join")).hasContent("first");
    ClusterState state = runner.clusters().get(0);
    assertThat(state.complete()).isTrue();
    assertThat(state.nodes()).hasSize(3);
    Map<String, String> after = cluster.tree();

    RunResult again = runner.run(apply(3), STOP);

    assertThat(again.plan().nothingToDo()).isTrue();
    assertThat(outcomes(again.hosts())).containsOnly(Outcome.UNCHANGED);
    assertThat(cluster.tree()).isEqualTo(after);
    assertThat(runner.clusters()).containsExactly(state);
  }

  @Test
  void theRecordsAreForTheirOwnerOnly() throws Exception {
    runner.run(apply(2), STOP);
    Path record = directory.resolve("clusters/test/cluster.json");
    assertThat(Files.getPosixFilePermissions(record)).hasSize(2);
    assertThat(Files.getPosixFilePermissions(record.getParent())).hasSize(3);
    Path host = Path.of(cluster.hosts.data(TestCluster.host(1)), "test/state");
    assertThat(Files.getPosixFilePermissions(host)).hasSize(3);
    assertThat(host.resolve("lease")).doesNotExist();
  }

  @Test
  void changedInputAndLostResultsAreDoneAgain() throws Exception {
    runner.run(apply(2), STOP);
    Files.delete(cluster.file(2, "join"));
    assertThat(runner.plan(apply(2), STOP).toString())
        .isEqualTo("  2  10.0.0.2         join: its result is gone\n");
    cluster.text = "second";
    Plan plan = runner.plan(apply(2), STOP);
    assertThat(plan.steps())
        .hasSize(4)
        .extracting(Plan.Step::reason)
        .containsOnly("its input has changed");

    runner.execute(plan, STOP);

    assertThat(cluster.file(2, "join")).hasContent("second");
    assertThat(runner.plan(apply(2), STOP).nothingToDo()).isTrue();
  }

  @Test
  void aFailureOnOneHostKeepsWhatIsDoneAndOnlyTheRestIsLeft() {
    cluster.more.put("10.0.0.3 join", context -> fail());

    PartialFailureException failure = failing(apply(5), OnFailure.STOP);

    assertThat(failure)
        .hasMessageContaining("1 of 5 hosts failed")
        .hasMessageContaining("10.0.0.3: it broke");
    assertThat(failure.results()).hasSize(5);
    assertThat(failure.results().get(2).outcome()).isEqualTo(Outcome.FAILED);
    assertThat(failure.results().get(2).done()).containsExactly("prepare");
    assertThat(failure.results().get(0).outcome()).isEqualTo(Outcome.NOT_DONE);
    assertThat(runner.clusters().get(0).complete()).isFalse();
    assertThat(runner.clusters().get(0).spec()).isEqualTo(TestCluster.spec(5));

    cluster.more.clear();
    Plan rest = runner.plan(apply(5), STOP);
    assertThat(rest.toString())
        .contains("10.0.0.3         join: was not finished")
        .contains("10.0.0.1         commands: not done yet");
    assertThat(rest.steps()).noneMatch(step -> step.name().equals("prepare"));
    runner.execute(rest, STOP);
    assertThat(runner.clusters().get(0).complete()).isTrue();
  }

  @Test
  void theOthersGoOnWithoutAHostThatFails() {
    cluster.more.put("10.0.0.2 prepare", context -> fail());

    PartialFailureException failure = failing(apply(3), OnFailure.CONTINUE);

    assertThat(outcomes(failure.results()))
        .containsExactly(Outcome.DONE, Outcome.FAILED, Outcome.DONE);
    assertThat(cluster.file(2, "join")).doesNotExist();
    assertThat(cluster.file(1, "commands")).exists();
    assertThat(runner.clusters().get(0).nodes())
        .containsExactlyInAnyOrder(TestCluster.host(1), TestCluster.host(3));
  }

  @Test
  void aFailedRunIsRolledBack() throws Exception {
    Files.createDirectories(cluster.file(2, "join").getParent());
    Files.writeString(cluster.file(2, "join"), "of somebody else");
    cluster.more.put("10.0.0.3 join", context -> fail());

    PartialFailureException failure = failing(apply(3), OnFailure.ROLL_BACK);

    assertThat(outcomes(failure.results()))
        .containsExactly(Outcome.NOT_DONE, Outcome.NOT_DONE, Outcome.FAILED);
    assertThat(cluster.file(1, "prepare")).doesNotExist();
    assertThat(cluster.file(3, "join")).doesNotExist();
    assertThat(cluster.file(2, "join")).hasContent("of somebody else");
    assertThat(Path.of(cluster.hosts.data(TestCluster.host(1)), "test")).doesNotExist();
    assertThat(runner.clusters()).isEmpty();
  }

  @Test
  void aRollBackGoesBackToTheLastRun() throws Exception {
    runner.run(apply(2), STOP);
    cluster.more.put("10.0.0.3 join", context -> fail());

    failing(apply(3), OnFailure.ROLL_BACK);

    assertThat(cluster.file(2, "join")).hasContent("first");
    assertThat(cluster.file(3, "prepare")).doesNotExist();
    assertThat(runner.plan(apply(2), STOP).toString()).doesNotContain("prepare: not");
  }

  @Test
  void aHostThatIsNotReachedHidesNothingThatIsFoundOnTheOthers() {
    cluster.hosts.dead.add(TestCluster.host(2));
    cluster.hosts.facts.put(TestCluster.host(1), facts -> slow(facts, Duration.ofMinutes(-10)));
    cluster.hosts.facts.put(TestCluster.host(3), facts -> slow(facts, Duration.ofMinutes(-10)));

    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> runner.run(apply(3), STOP));

    assertThat(failure.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(failure)
        .hasMessageContaining("10.0.0.2: reachable: cannot be reached")
        .hasMessageContaining("10.0.0.1: clock: its clock is 600 s behind ours")
        .hasMessageContaining("10.0.0.3: clock: its clock is 600 s behind ours");
    assertThat(failure.details().get("checks")).isEqualTo("[reachable, clock]");
    assertThat(failure.getCause())
        .isInstanceOfSatisfying(
            SealerException.class,
            cause -> assertThat(cause.code()).isEqualTo(ErrorCode.HOST_UNREACHABLE));
  }

  @Test
  void whatIsFoundButStopsNothingIsToldOnce() {
    cluster.hosts.facts.put(TestCluster.host(1), facts -> withId(facts, "same"));
    cluster.hosts.facts.put(TestCluster.host(2), facts -> withId(facts, "same"));
    List<String> notices = new ArrayList<>();

    runner.run(
        apply(2),
        RunOptions.builder()
            .listener(
                event -> {
                  if (event instanceof Event.Notice notice) {
                    notices.add(notice.message());
                  }
                })
            .build());

    assertThat(notices).hasSize(1).first().asString().contains("machine-id");
  }

  @Test
  void anApplicationLeavesTheRecordOfTheClusterAndIsKeptBesideIt() {
    runner.run(apply(2), STOP);
    ClusterState before = runner.clusters().get(0);
    cluster.build("team/application:v1", "a: 2\n");
    cluster.build("team/application:v2", "a: 3\n");

    for (String version : List.of("v1", "v2")) {
      cluster.text = version;
      runner.run(
          new ClusterChange.Apply(
              TestCluster.spec(2).toBuilder()
                  .image("team/application:" + version)
                  .commandArg("Greeting", "hello")
                  .build()),
          STOP);
    }

    ClusterState after = runner.clusters().get(0);
    assertThat(after.spec()).isEqualTo(before.spec());
    assertThat(after.image()).isEqualTo(before.image());
    assertThat(after.applications()).hasSize(1);
    assertThat(after.applications().get(0).spec().image()).isEqualTo("team/application:v2");
    assertThat(after.applications().get(0).spec().commandArgs()).containsKey("Greeting");
    assertThat(after.applications().get(0).image())
        .isEqualTo(cluster.sealer.images().inspect("team/application:v2").digest());
    runner.run(
        new ClusterChange.Join("test", List.of(HostGroup.of(List.of(TestCluster.host(3)), "node"))),
        STOP);
    assertThat(runner.clusters().get(0).nodes()).hasSize(3);
    assertThat(runner.clusters().get(0).applications()).isEqualTo(after.applications());
  }

  @Test
  void namesThatAreNoClusterAreRefused() {
    for (String name : List.of("", "..", "a/b", "../a", ".", "-")) {
      SealerException refused =
          catchThrowableOfType(
              SealerException.class, () -> runner.run(new ClusterChange.Delete(name), STOP));
      assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }
    SealerException unknown =
        catchThrowableOfType(
            SealerException.class, () -> runner.run(new ClusterChange.Delete("other"), STOP));
    assertThat(unknown.code()).isEqualTo(ErrorCode.CLUSTER_NOT_FOUND);
  }

  @Test
  void aPlanOfYesterdayIsNotExecuted() {
    Plan plan = runner.plan(apply(2), STOP);
    runner.run(apply(2), STOP);
    Map<String, String> before = cluster.tree();

    SealerException stale =
        catchThrowableOfType(SealerException.class, () -> runner.execute(plan, STOP));

    assertThat(stale.code()).isEqualTo(ErrorCode.PLAN_STALE);
    assertThat(cluster.tree().keySet()).isEqualTo(before.keySet());
  }

  @Test
  void aRunWhosePlanIsStaleAtOnceIsPlannedAgain() {
    runner.run(apply(2), STOP);
    List<String> executed = new ArrayList<>();

    runner.run(
        apply(2),
        RunOptions.builder()
            .listener(
                event -> {
                  if (event instanceof Event.Started started
                      && started.name().equals("apply test")) {
                    executed.add(started.name());
                    cluster.file(2, "join").toFile().delete();
                  }
                })
            .build());

    assertThat(cluster.file(2, "join")).hasContent("first");
    assertThat(executed).hasSize(2);
  }

  @Test
  void everyStepIsATask() {
    List<Event> events = new ArrayList<>();
    runner.run(apply(2), RunOptions.builder().listener(events::add).build());
    assertThat(events)
        .filteredOn(Event.Started.class::isInstance)
        .extracting(event -> ((Event.Started) event).name())
        .contains("apply test", "10.0.0.2: join");
    assertThat(events)
        .filteredOn(Event.Output.class::isInstance)
        .extracting(event -> ((Event.Output) event).line())
        .contains("working on join");
  }

  @Test
  void commandsAreExecutedOnSelectedHosts() throws Exception {
    runner.run(apply(3), STOP);
    for (int i = 1; i <= 3; i++) {
      Files.createDirectories(Path.of(cluster.hosts.data(TestCluster.host(i)), "test/rootfs"));
    }
    List<Event> events = new ArrayList<>();
    List<HostResult> results =
        runner.exec(
            "test",
            "node",
            "basename \"$(pwd)\"; test -e ../../../../../../10.0.0.2/etc/join; exit 3",
            RunOptions.builder().listener(events::add).build());
    assertThat(results)
        .extracting(HostResult::address)
        .containsExactly(TestCluster.host(2), TestCluster.host(3));
    assertThat(outcomes(results)).containsOnly(Outcome.FAILED);
    assertThat(events)
        .anyMatch(event -> event instanceof Event.Output output && output.line().equals("rootfs"));
  }

  @Test
  void allHostsAreCheckedAtOnce() {
    cluster.hosts.dead.add(TestCluster.host(2));
    cluster.hosts.facts.put(TestCluster.host(3), facts -> slow(facts, Duration.ofHours(1)));

    assertThat(runner.check(TestCluster.spec(3), STOP))
        .extracting(HostFinding::toString)
        .containsExactlyInAnyOrder(
            "10.0.0.2: reachable: cannot be reached",
            "10.0.0.3: clock: its clock is 3600 s ahead of ours; synchronise the clocks, for"
                + " example with chrony");
    cluster.hosts.dead.clear();
    SealerException unfit =
        catchThrowableOfType(SealerException.class, () -> runner.plan(apply(3), STOP));
    assertThat(unfit.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    RunOptions ignoring = RunOptions.builder().ignoredFindings(Set.of("clock")).build();
    assertThat(runner.plan(apply(3), ignoring).steps()).hasSize(7);
  }

  private static HostFacts slow(HostFacts facts, Duration offset) {
    return changed(facts, facts.machineId(), offset);
  }

  private static HostFacts withId(HostFacts facts, String machineId) {
    return changed(facts, machineId, facts.clockOffset());
  }

  private static HostFacts changed(HostFacts facts, String machineId, Duration offset) {
    return new HostFacts(
        facts.hostname(),
        machineId,
        facts.platform(),
        facts.distribution(),
        facts.distributionVersion(),
        facts.kernel(),
        facts.processors(),
        facts.memory(),
        facts.swap(),
        offset,
        facts.addresses(),
        facts.fileSystems(),
        facts.runtimes(),
        facts.kubernetes(),
        facts.listening());
  }
}
