package cloud.sealer.aliyun;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ClusterState;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.testkit.RecordingTask;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clusters that need no more of a host than that it executes a command. */
final class LightRunner implements Runner {
  private static final Digest IMAGE = Digest.parse("sha256:" + "0".repeat(64));

  private final Map<String, ClusterState> clusters;
  private final @Nullable HostConnector connector;

  /** A runner on records; without a connector it reaches no host. */
  LightRunner(Map<String, ClusterState> clusters, @Nullable HostConnector connector) {
    this.clusters = clusters;
    this.connector = connector;
  }

  private void touch(List<Host> hosts) {
    for (Host host : hosts) {
      if (connector == null) {
        throw SealerException.cancelled("a host was reached past its machine");
      }
      try (HostSession session = connector.connect(host, new RecordingTask())) {
        if (!session.exec(HostCommand.of("hostname"), HostOutput.NONE).ok()) {
          throw SealerException.cancelled("hostname on " + host.address());
        }
      }
    }
  }

  @Override
  public Plan plan(ClusterChange change, RunOptions options) {
    List<Plan.Step> steps = new ArrayList<>();
    if (change instanceof ClusterChange.Apply apply) {
      apply.spec().hosts().forEach(h -> steps.add(new Plan.Step(1, "touch", h.address(), "")));
    }
    return new Plan(change, steps);
  }

  @Override
  public RunResult execute(Plan plan, RunOptions options) {
    if (plan.change() instanceof ClusterChange.Apply apply) {
      touch(apply.spec().hosts());
      ClusterSpec spec = apply.spec();
      clusters.put(
          spec.name(), new ClusterState(spec, IMAGE, List.of(), List.of(), true, Instant.EPOCH));
    } else {
      ClusterState gone = clusters.get(plan.change().cluster());
      touch(gone.spec().hosts());
      clusters.remove(gone.name());
    }
    return new RunResult(plan, List.of());
  }

  @Override
  public List<HostResult> exec(
      String cluster, String selection, String command, RunOptions options) {
    touch(clusters.get(cluster).spec().hosts());
    return List.of();
  }

  @Override
  public List<HostFinding> check(ClusterSpec spec, RunOptions options) {
    return List.of();
  }

  @Override
  public Secret kubeconfig(String cluster, RunOptions options) {
    touch(clusters.get(cluster).spec().controlPlanes());
    return Secret.of("kubeconfig of " + cluster);
  }

  @Override
  public void mergeKubeconfig(String cluster, Path file, RunOptions options) {
    touch(clusters.get(cluster).spec().controlPlanes());
  }

  /** Its clusters stand in no file. */
  @Override
  public void removeFromKubeconfig(String cluster, Path file) {}

  @Override
  public List<ClusterState> clusters() {
    return List.copyOf(clusters.values());
  }
}
