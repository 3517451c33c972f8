package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/** What a {@link Runner} can do to a cluster. */
public sealed interface ClusterChange {
  /**
   * The cluster.
   *
   * @return its name
   */
  String cluster();

  /**
   * Makes the cluster as a spec wants it: creates it, joins hosts that are new in the spec, and
   * removes hosts that are no longer in it. An image without Kubernetes is installed into the
   * cluster that is there.
   *
   * <p>Of a spec with {@linkplain ClusterSpec#infrastructure machines to be made}, those that are
   * missing are made first. Where there are more than wanted, the newest of a group leave the
   * cluster and are removed then, never the first control plane.
   *
   * @param spec how the cluster should be
   */
  record Apply(ClusterSpec spec) implements ClusterChange {
    /** Checks the parts. */
    public Apply {
      Objects.requireNonNull(spec, "spec");
    }

    @Override
    public String cluster() {
      return spec.name();
    }
  }

  /**
   * Joins hosts to a cluster that is recorded here.
   *
   * @param cluster its name
   * @param groups the new hosts
   */
  record Join(String cluster, List<HostGroup> groups) implements ClusterChange {
    /** Checks and copies the parts. */
    public Join {
      Objects.requireNonNull(cluster, "cluster");
      groups = List.copyOf(groups);
    }
  }

  /**
   * Removes hosts from a cluster that is recorded here.
   *
   * @param cluster its name
   * @param hosts the hosts to remove, never all of the control plane
   */
  record Remove(String cluster, List<HostAddress> hosts) implements ClusterChange {
    /** Checks and copies the parts. */
    public Remove {
      Objects.requireNonNull(cluster, "cluster");
      hosts = List.copyOf(hosts);
    }
  }

  /**
   * Removes a whole cluster, also one that never came up, and then the machines that were made for
   * it; what cannot be removed of those is a {@link ErrorCode#MACHINES_LEFT} with a list.
   *
   * @param cluster its name
   */
  record Delete(String cluster) implements ClusterChange {
    /** Checks the name. */
    public Delete {
      Objects.requireNonNull(cluster, "cluster");
    }
  }

  /**
   * Upgrades a cluster that is recorded here, one host after the other.
   *
   * @param cluster its name
   * @param image the image with the newer Kubernetes
   */
  record Upgrade(String cluster, String image) implements ClusterChange {
    /** Checks the parts. */
    public Upgrade {
      Objects.requireNonNull(cluster, "cluster");
      Objects.requireNonNull(image, "image");
    }
  }

  /**
   * Adds names to the certificate of the API server, on every host of the control plane.
   *
   * @param cluster its name
   * @param names DNS names and IP addresses
   */
  record ExtendCertificate(String cluster, List<String> names) implements ClusterChange {
    /** Checks and copies the parts. */
    public ExtendCertificate {
      Objects.requireNonNull(cluster, "cluster");
      names = List.copyOf(names);
    }
  }
}
