package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.sdk.KubeadmDocument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link KubeadmConfig} is made of. Immutable. */
public final class KubeadmSettings {
  /** The name by which nodes reach the API server. */
  public static final String API_DOMAIN = "apiserver.cluster.local";

  /** The address at which workers find the API servers when IPVS spreads their load. */
  public static final String VIRTUAL_IP = "10.103.97.2";

  final KubernetesVersion version;
  final List<String> controlPlanes;
  final List<KubeadmDocument> documents;
  final String imageDocuments;
  final String imageRepository;
  final String cgroupDriver;
  final List<String> certSans;
  final boolean auditPolicy;
  final String proxyMode;
  final @Nullable Duration certificateLifetime;

  private KubeadmSettings(Builder builder) {
    version = builder.version;
    controlPlanes = List.copyOf(builder.controlPlanes);
    documents = List.copyOf(builder.documents);
    imageDocuments = builder.imageDocuments;
    imageRepository = builder.imageRepository;
    cgroupDriver = builder.cgroupDriver;
    certSans = List.copyOf(builder.certSans);
    auditPolicy = builder.auditPolicy;
    proxyMode = builder.proxyMode;
    certificateLifetime = builder.certificateLifetime;
  }

  /**
   * Starts settings.
   *
   * @param version the version of Kubernetes that the image has
   * @param controlPlanes the IP addresses of the control planes, the initial one first
   */
  public static Builder builder(KubernetesVersion version, List<String> controlPlanes) {
    return new Builder(version, controlPlanes);
  }

  /** Collects {@link KubeadmSettings}. Not thread-safe. */
  public static final class Builder {
    private final KubernetesVersion version;
    private final List<String> controlPlanes;
    private List<KubeadmDocument> documents = List.of();
    private String imageDocuments = "";
    private String imageRepository = "";
    private String cgroupDriver = "systemd";
    private List<String> certSans = new ArrayList<>();
    private boolean auditPolicy;
    private String proxyMode = "iptables";
    private @Nullable Duration certificateLifetime;

    private Builder(KubernetesVersion version, List<String> controlPlanes) {
      this.version = Objects.requireNonNull(version, "version");
      if (controlPlanes.isEmpty()) {
        throw new IllegalArgumentException("a cluster needs a control plane");
      }
      this.controlPlanes = controlPlanes;
    }

    /** Sets the documents of the Clusterfile, strongest first. */
    public Builder documents(List<KubeadmDocument> documents) {
      this.documents = documents;
      return this;
    }

    /** Sets the text of the image's {@code etc/kubeadm.yml}; empty for none. */
    public Builder imageDocuments(String yaml) {
      this.imageDocuments = Objects.requireNonNull(yaml, "yaml");
      return this;
    }

    /**
     * Sets where images are pulled from if no document says it, such as {@code
     * sea.hub:5000/library}.
     */
    public Builder imageRepository(String repository) {
      this.imageRepository = Objects.requireNonNull(repository, "repository");
      return this;
    }

    /**
     * Sets the cgroup driver of the container runtime: {@code systemd} (default) or {@code
     * cgroupfs}.
     */
    public Builder cgroupDriver(String driver) {
      this.cgroupDriver = Objects.requireNonNull(driver, "driver");
      return this;
    }

    /** Sets more names and addresses for the certificate of the API server. */
    public Builder certSans(List<String> names) {
      this.certSans = names;
      return this;
    }

    /** Says whether {@code /etc/kubernetes/audit-policy.yml} is on the control planes. */
    public Builder auditPolicy(boolean there) {
      this.auditPolicy = there;
      return this;
    }

    /** Sets the mode of kube-proxy if no document says it; {@code iptables} by default. */
    public Builder proxyMode(String mode) {
      this.proxyMode = Objects.requireNonNull(mode, "mode");
      return this;
    }

    /** Sets how long certificates are valid, where kubeadm or the controllers can be told. */
    public Builder certificateLifetime(Duration lifetime) {
      this.certificateLifetime = Objects.requireNonNull(lifetime, "lifetime");
      return this;
    }

    /** Makes the settings. */
    public KubeadmSettings build() {
      return new KubeadmSettings(this);
    }
  }
}
