package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.kubeadm.KubeadmConfig;
import cloud.sealer.kubernetes.kubeadm.KubeadmSettings;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ClusterSpec;
import com.google.common.net.InetAddresses;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that pods and services will have.
 *
 * @param pods the networks of pods
 * @param services the networks of services
 * @param wrong what stands in the place of networks and is none
 */
record Networks(List<Network> pods, List<Network> services, List<String> wrong) {
  private static final String FILE = "etc/kubeadm.yml";
  private static final Networks NONE = new Networks(List.of(), List.of(), List.of());

  /** What kubeadm will be told; nothing if the image has no Kubernetes. */
  static Networks of(Situation situation) {
    return of(situation, situation.spec());
  }

  /** What kubeadm would be told by another spec for the same hosts and image. */
  static Networks of(Situation situation, ClusterSpec spec) {
    Optional<HostView> first =
        situation.hosts().stream()
            .filter(view -> view.host().controlPlane())
            .filter(view -> Images.hasKubernetes(situation, view))
            .findFirst();
    if (first.isEmpty()) {
      return NONE;
    }
    Optional<KubernetesVersion> version =
        Images.content(situation, first.get())
            .flatMap(content -> content.metadata().kubernetesVersion())
            .flatMap(Networks::version);
    if (version.isEmpty()) {
      return NONE;
    }
    KubeadmConfig config =
        KubeadmConfig.of(
            KubeadmSettings.builder(version.get(), List.of(first.get().address().host()))
                .documents(spec.kubeadm())
                .imageDocuments(
                    Images.files(situation, first.get())
                        .flatMap(files -> files.text(FILE))
                        .orElse(""))
                .build());
    List<String> wrong = new ArrayList<>();
    List<Network> pods = Network.parse(config.podSubnet(), wrong);
    return new Networks(pods, Network.parse(config.serviceSubnet(), wrong), wrong);
  }

  private static Optional<KubernetesVersion> version(String text) {
    try {
      return Optional.of(KubernetesVersion.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the installation says so
    }
  }

  /**
   * A network in CIDR notation.
   *
   * @param text how it was written
   * @param first its first address as a number
   * @param last its last address
   * @param bits how long its addresses are
   */
  record Network(String text, BigInteger first, BigInteger last, int bits) {
    /** Reads networks with commas between, and adds what is none to a list. */
    static List<Network> parse(String text, List<String> wrong) {
      List<Network> networks = new ArrayList<>();
      for (String each : text.split(",", -1)) {
        parse(each.strip())
            .ifPresentOrElse(networks::add, () -> wrong.add("\"" + each.strip() + "\""));
      }
      return networks;
    }

    private static Optional<Network> parse(String text) {
      String[] parts = text.split("/", -1);
      if (parts.length != 2
          || !InetAddresses.isInetAddress(parts[0])
          || !parts[1].matches("[0-9]{1,3}")) {
        return Optional.empty();
      }
      byte[] address = InetAddresses.forString(parts[0]).getAddress();
      int bits = address.length * 8;
      int free = bits - Integer.parseInt(parts[1]);
      if (free < 0) {
        return Optional.empty();
      }
      BigInteger first = new BigInteger(1, address).shiftRight(free).shiftLeft(free);
      BigInteger last = first.add(BigInteger.ONE.shiftLeft(free)).subtract(BigInteger.ONE);
      return Optional.of(new Network(text, first, last, bits));
    }

    boolean overlaps(Network other) {
      return bits == other.bits
          && first.compareTo(other.last) <= 0
          && other.first.compareTo(last) <= 0;
    }

    boolean has(String address) {
      return InetAddresses.isInetAddress(address)
          && parse(address + (address.indexOf(':') >= 0 ? "/128" : "/32"))
              .filter(this::overlaps)
              .isPresent();
    }
  }
}
