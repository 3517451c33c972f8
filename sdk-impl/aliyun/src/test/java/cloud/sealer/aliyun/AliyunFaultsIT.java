package cloud.sealer.aliyun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.machines.MachineRecord;
import cloud.sealer.core.machines.MachineRecords;
import cloud.sealer.core.machines.Providers;
import cloud.sealer.core.machines.RecordedMachines;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.testkit.EmbeddedCloud;
import cloud.sealer.testkit.EmbeddedMachines;
import cloud.sealer.testkit.RecordingTask;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cloud that is busy, ill, sold out, slow, or does not let go. */
@Timeout(300)
class AliyunFaultsIT {
  private static final int MANY = 1_000_000;

  private final RecordingTask task = new RecordingTask();
  private EmbeddedMachines machines;
  private EmbeddedCloud cloud;
  private AliyunInfrastructure provider;
  private MachineRecords records;
  private MachineRecord record;
  @TempDir private Path directory;

  @BeforeEach
  void start() {
    machines = EmbeddedMachines.create();
    cloud = EmbeddedCloud.start(machines);
    provider = Clouds.provider(cloud).build();
    records = new MachineRecords(directory);
    record = records.begin(MachineOwner.Purpose.BUILD, provider.name());
  }

  @AfterEach
  void end() throws Exception {
    record.close();
    records.close();
    cloud.close();
  }

  private InfrastructureSpec spec(Map<String, String> options) {
    Map<String, String> all = new java.util.TreeMap<>(options);
    all.put("ssh-port", Integer.toString(machines.sshPort()));
    return new InfrastructureSpec(
        "aliyun", List.of(MachineGroup.of(Host.CONTROL_PLANE, 1)), "", all);
  }

  private List<Machine> provide() {
    return provider.provide(record.owner(), spec(Map.of()), record, task);
  }

  private List<Leftover> remove() {
    return provider.remove(record.owner(), record, task);
  }

  private long made(String kind) {
    return cloud.everything().stream().filter(each -> each.startsWith(kind + "-")).count();
  }

  @Test
  void aBusyCloudIsAskedAgainAndLostAnswersMakeNothingTwice() {
    cloud.faults().throttle("CreateVpc", 2);
    cloud.faults().unavailable("CreateSecurityGroup", 1);
    for (String action :
        List.of("CreateVSwitch", "ImportKeyPair", "RunInstances", "AllocateEipAddress")) {
      cloud.faults().loseAnswer(action, 1);
    }
    cloud.faults().slowStart(5);

    assertThat(provide()).hasSize(1);

    assertThat(List.of(made("vpc"), made("vsw"), made("sg"), made("i"), made("eip")))
        .containsOnly(1L);
    assertThat(cloud.calls().stream().filter("RunInstances"::equals)).hasSize(2);
    assertThat(task.children().get(0).retries())
        .extracting(RecordingTask.Retry::cause)
        .anyMatch(cause -> cause.contains("Throttling.User"))
        .anyMatch(cause -> cause.contains("ServiceUnavailable"))
        .anyMatch(cause -> cause.contains("no answer"));
    assertThat(cloud.rules())
        .containsExactly("TCP " + machines.sshPort() + "/" + machines.sshPort() + " 127.0.0.1/32");
    assertThat(remove()).isEmpty();
    assertThat(cloud.everything()).isEmpty();
  }

  @Test
  void machinesOfADroppedGroupThatNeverCameAreNotWaitedFor() {
    String name = record.owner().name() + "-1-1";
    record.put(MachineResource.planned("instance", name));
    record.put(MachineResource.planned("instance", name + "1").made("i-gone"));

    assertThat(provide()).hasSize(1);

    assertThat(remove()).isEmpty();
    assertThat(cloud.everything()).isEmpty();
    assertThat(record.resources()).isEmpty();
  }

  @Test
  void whatIsSoldOutIsReplacedByWhatIsNot() {
    cloud.faults().noStockUnannounced("ecs.c6.large");

    List<Machine> provided = provide();

    assertThat(provided.get(0).resource().attributes()).containsEntry("type", "ecs.c7.large");
    assertThat(task.children().get(0).notices())
        .anyMatch(notice -> notice.contains("ecs.c6.large cannot be had in embedded-b"));
    assertThat(remove()).isEmpty();
  }

  @Test
  void aCloudWithoutSuchMachinesIsSaidBeforeAnythingIsMade() {
    List.of("ecs.c6.large", "ecs.c7.large", "ecs.t6-c1m2.large").forEach(cloud.faults()::noStock);

    SealerException refused =
        catchThrowableOfType(SealerException.class, () -> provider.check(spec(Map.of()), task));

    assertThat(refused.code()).isEqualTo(ErrorCode.PREFLIGHT_FAILED);
    assertThat(refused.getMessage()).contains("2 processors and 4 GiB");
    assertThat(refused.remedy()).contains("another size");
    assertThat(cloud.everything()).isEmpty();

    cloud.faults().clear();
    List.of("ecs.c6.large", "ecs.c7.large", "ecs.t6-c1m2.large")
        .forEach(cloud.faults()::noStockUnannounced);
    SealerException late = catchThrowableOfType(SealerException.class, this::provide);
    assertThat(late.code()).isEqualTo(ErrorCode.MACHINES_UNAVAILABLE);
    assertThat(late.getMessage()).contains("ecs.c7.large in embedded-b: OperationDenied.NoStock");
    assertThat(remove()).isEmpty();
    assertThat(cloud.everything()).isEmpty();
    assertThat(record.resources()).isEmpty();
  }

  @Test
  void removalWaitsForWhatStillHoldsOnAndListsWhatNeverLetsGo() {
    provide();
    cloud.faults().slowEnd(4);
    cloud.faults().fail("DeleteVpc", "DependencyViolation.VSwitch", 2);
    cloud.faults().fail("DeleteInstances", "IncorrectInstanceStatus", MANY);

    List<Leftover> left = remove();

    assertThat(left)
        .anySatisfy(
            each -> {
              assertThat(each.resource().kind()).isEqualTo("instance");
              assertThat(each.cost()).isTrue();
              assertThat(each.reason()).contains("IncorrectInstanceStatus");
            })
        .anySatisfy(
            each -> {
              assertThat(each.resource().kind()).isEqualTo("vswitch");
              assertThat(each.cost()).isFalse();
              assertThat(each.reason()).contains("DependencyViolation");
            });
    assertThat(record.resources()).extracting(MachineResource::kind).contains("instance", "vpc");

    cloud.faults().clear();
    assertThat(remove()).isEmpty();
    assertThat(cloud.everything()).isEmpty();
  }

  @Test
  void aWrongSecretIsSaidWithoutIt() {
    AliyunInfrastructure wrong =
        AliyunInfrastructure.builder(() -> AccessKey.of(cloud.keyId(), Secret.of("mistyped")))
            .endpoint(cloud.endpoint())
            .build();

    SealerException refused = catchThrowableOfType(SealerException.class, () -> wrong.owners(task));

    assertThat(refused.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
    assertThat(refused.getMessage()).contains("SignatureDoesNotMatch").doesNotContain("mistyped");
    assertThat(refused.remedy()).contains("access key");
    assertThat(
            catchThrowableOfType(
                    SealerException.class,
                    () -> AccessKeyProvider.environment(Map.of()).accessKey())
                .remedy())
        .contains("ACCESSKEYID", "ACCESSKEYSECRET");
  }

  @Test
  void machinesOfAnotherRegionAreNotTakenForGone() {
    record.put(MachineResource.planned("vpc", record.owner().name()).with("region", "cn-beijing"));

    SealerException refused = catchThrowableOfType(SealerException.class, this::remove);

    assertThat(refused.remedy()).contains("cn-beijing");
    assertThat(record.resources()).hasSize(1);
  }

  @Test
  void machinesOfAnotherAccountAreNotTakenForGone() {
    record.put(MachineResource.planned("vpc", record.owner().name()).with("account", "42"));
    record.close();
    RecordedMachines left =
        new RecordedMachines(
            List.of(RecordedMachines.Keeper.ofBuilds(records)),
            new Providers(List.of(provider)),
            Clock.systemUTC());

    SealerException refused =
        catchThrowableOfType(SealerException.class, () -> left.prune(EventListener.NONE));

    assertThat(refused.getMessage()).contains("belongs to the account 42");
    assertThat(refused.remedy()).isEqualTo("use a key of the account 42");
    assertThat(left.abandoned(EventListener.NONE))
        .singleElement()
        .satisfies(each -> assertThat(each.resources()).hasSize(1));
    record = records.open(record.owner().name()).orElseThrow();
  }

  @Test
  void everythingThatIsRecordedSaysWhoseItIs() {
    provide();
    assertThat(record.resources())
        .allSatisfy(
            each -> assertThat(each.attributes()).containsEntry("account", "1234567890123456"));
    assertThat(remove()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CreateVpc", "RunInstances", "AllocateEipAddress", "TagResources"})
  void whatWasMadeWithoutAnAnswerIsFoundAgain(String action) {
    for (boolean lost : new boolean[] {false, true}) {
      cloud.faults().loseAnswer(action, MANY);
      assertThat(catchThrowableOfType(SealerException.class, this::provide)).isNotNull();
      assertThat(cloud.everything()).isNotEmpty();
      cloud.faults().clear();
      assertThat(provider.owners(task)).contains(record.owner());
      if (lost) {
        record.resources().forEach(record::remove);
      }

      assertThat(remove()).isEmpty();

      assertThat(cloud.everything()).isEmpty();
      assertThat(record.resources()).isEmpty();
    }
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnyCall() {
    for (Map<String, String> options :
        List.of(
            Map.of("colour", "blue"),
            Map.of("ssh-from", "everybody"),
            Map.of("network", "10.0.0.0/8"),
            Map.of("bandwidth", "many"))) {
      SealerException refused =
          catchThrowableOfType(SealerException.class, () -> provider.check(spec(options), task));
      assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(refused.getMessage()).contains(options.keySet().iterator().next());
    }
    assertThat(cloud.calls()).isEmpty();
    assertThat(CloudOptions.of(spec(Map.of("ssh-from", "203.0.113.7, 10.0.0.0/8"))).sshFrom())
        .isEqualTo(List.of("203.0.113.7/32", "10.0.0.0/8"));
    assertThat(Set.of(CloudOptions.gib(0), CloudOptions.gib(1), CloudOptions.gib(50L << 30)))
        .containsExactlyInAnyOrder(40, 20, 50);
  }
}
