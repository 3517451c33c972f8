package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class ConfirmationTest {
  private static final ClusterSpec WANTED =
      ClusterSpec.builder("prod")
          .infrastructure(
              new InfrastructureSpec(
                  "", List.of(MachineGroup.of(Host.CONTROL_PLANE, 1)), "", Map.of()))
          .build();

  private static final ClusterState RECORDED =
      new ClusterState(
          ClusterSpec.builder("prod").controlPlanes("10.9.0.1").build(),
          Digest.sha256("0".repeat(64)),
          List.of(),
          List.of(),
          true,
          Instant.EPOCH);

  @Command
  private static final class Asking implements Runnable {
    @Mixin private Confirmation confirmation;
    @Mixin private DryRun dryRun;

    @SuppressWarnings("NullAway.Init")
    Asking() {}

    @Override
    public void run() {}
  }

  private static ClusterChange apply(List<Plan.Step> steps, String... options) {
    Asking asking = new Asking();
    new CommandLine(asking).parseArgs(options);
    return asking.confirmation.apply(
        WANTED, List.of(RECORDED), change -> new Plan(change, steps), asking.dryRun);
  }

  @Test
  void machinesThatAreToGoAreNamedBefore() {
    List<Plan.Step> smaller =
        List.of(
            new Plan.Step(1, "drain", HostAddress.parse("10.9.0.3"), ""),
            new Plan.Step(2, Plan.REMOVE_MACHINE, HostAddress.parse("10.9.0.3"), "c-3"));

    assertThat(catchThrowableOfType(ParameterException.class, () -> apply(smaller)))
        .hasMessageContaining("for good the machines 10.9.0.3 from the cluster prod");
    assertThat(apply(smaller, "--force")).isEqualTo(new ClusterChange.Apply(WANTED));
    assertThat(apply(smaller, "--dry-run")).isEqualTo(new ClusterChange.Apply(WANTED));
  }

  @Test
  void whatOnlyGrowsIsNotAskedFor() {
    List<Plan.Step> larger = List.of(new Plan.Step(1, "make machines", null, "1 × node"));

    assertThat(apply(larger)).isEqualTo(new ClusterChange.Apply(WANTED));
  }
}
