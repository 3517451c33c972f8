package cloud.sealer.core.machines;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.PartialFailureException;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostConnector;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A runner whose clusters are entries of a map, with a way to reach hosts or none. */
final class FakeRunner implements Runner {
  private static final Digest IMAGE = Digest.parse("sha256:" + "0".repeat(64));

  private final Shared shared;
  private final @Nullable HostConnector connector;

  /** What runners on the same records have in common. */
  static final class Shared {
    private final Map<String, ClusterState> clusters = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private boolean failing;

    /** Lets changes fail after they have begun. */
    void failing(boolean fails) {
      this.failing = fails;
    }

    /** What was asked for, in words, since the last time. */
    List<String> calls() {
      List<String> all = List.copyOf(calls);
      calls.clear();
      return all;
    }
  }

  FakeRunner(Shared shared, @Nullable HostConnector connector) {
    this.shared = shared;
    this.connector = connector;
  }

  private void reach(Host host, RunOptions options) {
    if (connector == null
        || (connector.reaches(host) && !(connector instanceof UnreachableHosts))) {
      return;
    }
    if (options.onFailure() != RunOptions.OnFailure.CONTINUE) {
      throw SealerException.builder(ErrorCode.HOST_UNREACHABLE, host.address() + " is gone")
          .build();
    }
  }

  private List<String> hosts(String cluster) {
    ClusterState state = shared.clusters.get(cluster);
    return state == null
        ? List.of()
        : state.spec().hosts().stream().map(host -> host.address().toString()).toList();
  }

  @Override
  public Plan plan(ClusterChange change, RunOptions options) {
    List<Plan.Step> steps = new ArrayList<>();
    if (change instanceof ClusterChange.Apply apply) {
      List<String> before = hosts(change.cluster());
      for (Host host : apply.spec().hosts()) {
        if (!before.contains(host.address().toString())) {
          steps.add(new Plan.Step(1, "join", host.address(), ""));
        }
      }
      before.stream()
          .filter(
              address ->
                  apply.spec().hosts().stream()
                      .noneMatch(host -> host.address().toString().equals(address)))
          .forEach(address -> steps.add(new Plan.Step(2, "drain", HostAddress.parse(address), "")));
    } else {
      steps.add(new Plan.Step(1, change.getClass().getSimpleName(), null, ""));
    }
    return new Plan(change, steps);
  }

  @Override
  public RunResult execute(Plan plan, RunOptions options) {
    ClusterChange change = plan.change();
    plan.steps()
        .forEach(step -> shared.calls.add(step.name() + step.host().map(h -> " " + h).orElse("")));
    if (change instanceof ClusterChange.Apply apply) {
      apply.spec().hosts().forEach(host -> reach(host, options));
      shared.clusters.put(
          change.cluster(),
          new ClusterState(
              apply.spec(), IMAGE, List.of(), List.of(), !shared.failing, Instant.EPOCH));
    } else if (change instanceof ClusterChange.Delete) {
      shared.clusters.get(change.cluster()).spec().hosts().forEach(host -> reach(host, options));
    }
    if (shared.failing && !(connector instanceof UnreachableHosts)) {
      throw new PartialFailureException(
          SealerException.builder(ErrorCode.COMMAND_FAILED, "a step failed").remedy("look"),
          List.of());
    }
    if (change instanceof ClusterChange.Delete) {
      shared.clusters.remove(change.cluster());
    }
    return new RunResult(plan, List.of());
  }

  @Override
  public List<HostResult> exec(
      String cluster, String selection, String command, RunOptions options) {
    shared.clusters.get(cluster).spec().hosts().forEach(host -> reach(host, options));
    shared.calls.add("exec by " + (connector == null ? "address" : connector.name()));
    return List.of();
  }

  @Override
  public List<HostFinding> check(ClusterSpec spec, RunOptions options) {
    shared.calls.add("check of " + spec.hosts().size() + " hosts");
    return List.of();
  }

  @Override
  public Secret kubeconfig(String cluster, RunOptions options) {
    return Secret.of(connector == null ? "by address" : connector.name());
  }

  @Override
  public void mergeKubeconfig(String cluster, Path file, RunOptions options) {
    shared.calls.add("kubeconfig of " + cluster + " into " + file);
  }

  @Override
  public void removeFromKubeconfig(String cluster, Path file) {
    shared.calls.add("kubeconfig of " + cluster + " out of " + file);
  }

  @Override
  public List<ClusterState> clusters() {
    return List.copyOf(shared.clusters.values());
  }
}
