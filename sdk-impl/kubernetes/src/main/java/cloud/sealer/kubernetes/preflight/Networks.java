package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.kubeadm.KubeadmConfig;
import cloud.sealer.kubernetes.kubeadm.KubeadmSettings;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
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
 */
record Networks(List<Network> pods, List<Network> services) {
  private static final String FILE = "etc/kubeadm.yml";

  /** What kubeadm will be told; nothing if the image has no Kubernetes. */
  static Networks of(Situation situation) {
    Optional<HostView> first =
        situation.hosts().stream()
            .filter(view -> view.host().controlPlane())
            .filter(view -> Images.hasKubernetes(situation, view))
            .findFirst();
    if (first.isEmpty()) {
      return new Networks(List.of(), List.of());
    }
    Optional<KubernetesVersion> version =
        Images.content(situation, first.get())
            .flatMap(content -> content.metadata().kubernetesVersion())
            .flatMap(Networks::version);
    if (version.isEmpty()) {
      return new Networks(List.of(), List.of());
    }
    KubeadmConfig config =
        KubeadmConfig.of(
            KubeadmSettings.builder(version.get(), List.of(first.get().address().host()))
                .documents(situation.spec().kubeadm())
                .imageDocuments(
                    Images.files(situation, first.get())
                        .flatMap(files -> files.text(FILE))
                        .orElse(""))
                .build());
    return new Networks(Network.parse(config.podSubnet()), Network.parse(config.serviceSubnet()));
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
    /** Reads networks with commas between; what is none is kubeadm's to refuse. */
    static List<Network> parse(String text) {
      List<Network> networks = new ArrayList<>();
      for (String each : text.split(",", -1)) {
        String[] parts = each.strip().split("/", -1);
        if (parts.length == 2
            && InetAddresses.isInetAddress(parts[0])
            && parts[1].matches("[0-9]{1,3}")) {
          byte[] address = InetAddresses.forString(parts[0]).getAddress();
          int bits = address.length * 8;
          int free = bits - Integer.parseInt(parts[1]);
          if (free >= 0) {
            BigInteger first = new BigInteger(1, address).shiftRight(free).shiftLeft(free);
            BigInteger last = first.add(BigInteger.ONE.shiftLeft(free)).subtract(BigInteger.ONE);
            networks.add(new Network(each.strip(), first, last, bits));
          }
        }
      }
      return networks;
    }

    boolean overlaps(Network other) {
      return bits == other.bits
          && first.compareTo(other.last) <= 0
          && other.first.compareTo(last) <= 0;
    }

    boolean has(String address) {
      return InetAddresses.isInetAddress(address)
          && parse(address + (address.indexOf(':') >= 0 ? "/128" : "/32")).stream()
              .anyMatch(this::overlaps);
    }
  }
}
