package cloud.sealer.sdk.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Looks at a running cluster for a build. Changes nothing in it. Thread-safe. The artifact {@code
 * sealer-sdk-kubernetes} provides one.
 */
public interface ClusterInspector {
  /**
   * Waits until the workloads of all namespaces have come to rest, and tells what they run.
   *
   * @param session a host on which {@code kubectl} can be executed
   * @param request which cluster, and how long to wait
   * @param task where to report progress
   * @return what runs
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#CLUSTER_UNSETTLED} that says which workloads are not at rest and
   *     why; with {@link cloud.sealer.sdk.ErrorCode#COMMAND_FAILED} if the cluster cannot be asked
   */
  Observation observe(HostSession session, Request request, Task task);

  /**
   * Which cluster to look at, and for how long.
   *
   * @param environment the variables that {@code kubectl} sees on the host, such as {@code
   *     KUBECONFIG} and {@code PATH}
   * @param settleTimeout how long the workloads may take to come to rest
   * @param quietPeriod how long nothing may change before they count as at rest
   */
  record Request(Map<String, String> environment, Duration settleTimeout, Duration quietPeriod) {
    /** Checks and copies the parts. */
    public Request {
      environment = Map.copyOf(environment);
      Objects.requireNonNull(settleTimeout, "settleTimeout");
      Objects.requireNonNull(quietPeriod, "quietPeriod");
    }
  }

  /**
   * What a cluster runs.
   *
   * @param images every image of every container of every pod, and those that workloads without a
   *     pod name
   * @param registry the registry that the nodes of the cluster pull its own images from, such as
   *     {@code sea.hub:5000}
   */
  record Observation(List<RunningImage> images, Optional<String> registry) {
    /** Copies the parts. */
    public Observation {
      images = List.copyOf(images);
      Objects.requireNonNull(registry, "registry");
    }
  }

  /**
   * An image that a container runs, or would run.
   *
   * @param name the name as the object has it
   * @param digest the digest under which the runtime of the node got it, such as {@code
   *     docker.io/library/nginx@sha256:…}; empty where it did not come by digest, or does not run
   * @param object the object, as {@code Kind/namespace/name}
   * @param path the place in the object, such as {@code spec.containers[0].image}
   */
  record RunningImage(String name, String digest, String object, String path) {
    /** Checks the parts. */
    public RunningImage {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(digest, "digest");
      Objects.requireNonNull(object, "object");
      Objects.requireNonNull(path, "path");
    }
  }
}
