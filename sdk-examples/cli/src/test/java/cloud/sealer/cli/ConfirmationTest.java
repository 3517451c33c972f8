package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.Secret;
import java.nio.file.Path;
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

  @Command
  private static final class Asking implements Runnable {
    @Mixin private Confirmation confirmation;
    @Mixin private DryRun dryRun;

    @SuppressWarnings("NullAway.Init")
    Asking() {}

    @Override
    public void run() {}
  }

  private static ClusterChange apply(Runner runner, String... options) {
    Asking asking = new Asking();
    new CommandLine(asking).parseArgs(options);
    return asking.confirmation.apply(WANTED, runner, RunOptions.DEFAULT, asking.dryRun);
  }

  @Test
  void machinesThatAreToGoAreNamedBefore() {
    Runner smaller =
        new Planned(
            List.of(
                new Plan.Step(1, "drain", HostAddress.parse("10.9.0.3"), ""),
                new Plan.Step(2, Plan.REMOVE_MACHINE, HostAddress.parse("10.9.0.3"), "c-3")));

    assertThat(catchThrowableOfType(ParameterException.class, () -> apply(smaller)))
        .hasMessageContaining("for good the machines 10.9.0.3 from the cluster prod");
    assertThat(apply(smaller, "--force")).isEqualTo(new ClusterChange.Apply(WANTED));
    assertThat(apply(smaller, "--dry-run")).isEqualTo(new ClusterChange.Apply(WANTED));
  }

  @Test
  void whatOnlyGrowsIsNotAskedFor() {
    Runner larger = new Planned(List.of(new Plan.Step(1, "make machines", null, "1 × node")));

    assertThat(apply(larger)).isEqualTo(new ClusterChange.Apply(WANTED));
  }

  /** One cluster with one plan. */
  private record Planned(List<Plan.Step> steps) implements Runner {
    @Override
    public Plan plan(ClusterChange change, RunOptions options) {
      return new Plan(change, steps);
    }

    @Override
    public List<ClusterState> clusters() {
      ClusterSpec spec = ClusterSpec.builder("prod").controlPlanes("10.9.0.1").build();
      Digest image = Digest.parse("sha256:" + "0".repeat(64));
      return List.of(new ClusterState(spec, image, List.of(), List.of(), true, Instant.EPOCH));
    }

    @Override
    public RunResult execute(Plan plan, RunOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<HostResult> exec(
        String cluster, String selection, String command, RunOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<HostFinding> check(ClusterSpec spec, RunOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Secret kubeconfig(String cluster, RunOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void mergeKubeconfig(String cluster, Path file, RunOptions options) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void removeFromKubeconfig(String cluster, Path file) {
      throw new UnsupportedOperationException();
    }
  }
}
