package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.MachineGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the document of kind {@code Cluster} in the first version and makes the second of it. */
final class ClusterV1Reader {
  /** What begins the annotations that keep what the second version has no place for. */
  static final String ANNOTATION = "v1.sealer.cloud/";

  /** The field with the addresses of hosts that are there. */
  private static final String HOSTS = "ipList";

  private static final String KUBEADM = "kubeadm.k8s.io/v1beta2";
  private static final List<String> SIZES = List.of("cpu", "memory", "count", "systemDisk");

  private ClusterV1Reader() {}

  static void read(Section document, ClusterSpec.Builder cluster) {
    Section spec = document.section("spec");
    ClusterReader.readCommon(document, spec, cluster);
    kubeadm(spec, cluster);
    Section masters = spec.section("masters");
    Section nodes = spec.section("nodes");
    if (InfraReader.isProvider(spec.text("provider"))
        && noAddresses(masters)
        && noAddresses(nodes)) {
      machines(spec, masters, nodes).ifPresent(cluster::infrastructure);
    } else {
      provider(spec, cluster);
      hosts(masters, "masters", Host.CONTROL_PLANE, cluster);
      hosts(nodes, "nodes", Host.WORKER, cluster);
    }
    masters.warnOfOthers();
    nodes.warnOfOthers();
    spec.warnOfOthers();
  }

  private static boolean noAddresses(Section hosts) {
    YamlNode addresses = hosts.value(HOSTS);
    return addresses == null || addresses.isEmpty();
  }

  /** The first version says with the hosts what the second has a document of its own for. */
  private static Optional<InfrastructureSpec> machines(
      Section spec, Section masters, Section nodes) {
    List<MachineGroup> groups = new ArrayList<>();
    InfraReader.group(masters, Set.of(Host.CONTROL_PLANE)).ifPresent(groups::add);
    if (!nodes.text("count").isEmpty()) {
      InfraReader.group(nodes, Set.of(Host.WORKER)).ifPresent(groups::add);
    } else {
      nodes.ignore("cpu", "memory", "systemDisk", "dataDisks");
    }
    return InfraReader.ofV1(masters, spec.text("provider"), groups);
  }

  private static void provider(Section spec, ClusterSpec.Builder cluster) {
    spec.scalar("provider")
        .filter(provider -> !provider.text().isEmpty() && !provider.text().equals("BAREMETAL"))
        .ifPresent(provider -> keep(spec, "provider", provider, cluster, "provider"));
  }

  private static void hosts(Section hosts, String name, String role, ClusterSpec.Builder cluster) {
    List<HostAddress> addresses = AddressReader.read(hosts, HOSTS);
    if (!addresses.isEmpty()) {
      cluster.group(HostGroup.of(addresses, role));
    }
    for (String size : SIZES) {
      hosts
          .scalar(size)
          .filter(value -> !value.text().isEmpty())
          .ifPresent(value -> keep(hosts, size, value, cluster, name + "." + size));
    }
    List<String> disks = hosts.texts("dataDisks").stream().map(Scalar::text).toList();
    if (!disks.isEmpty()) {
      Scalar all = Scalar.text(String.join(",", disks));
      keep(hosts, "dataDisks", all, cluster, name + ".dataDisks");
    }
  }

  private static void keep(
      Section section, String field, Scalar value, ClusterSpec.Builder cluster, String name) {
    cluster.annotation(ANNOTATION + name, value.text());
    section
        .findings()
        .warning(
            section.placeOf(field),
            value.text(),
            section.nameOf(field) + " is about machines to be made, but these are there already",
            "it is kept as the annotation " + ANNOTATION + name);
  }

  /** Networks and names of the API server's certificate belong to kubeadm. */
  private static void kubeadm(Section spec, ClusterSpec.Builder cluster) {
    Section network = spec.section("network");
    Map<String, Scalar> networking = new LinkedHashMap<>();
    network.scalar("podCIDR").ifPresent(cidr -> networking.put("podSubnet", text(cidr)));
    network.scalar("svcCIDR").ifPresent(cidr -> networking.put("serviceSubnet", text(cidr)));
    network.warnOfOthers();
    List<String> names = spec.texts("certSANS").stream().map(Scalar::text).toList();
    if (networking.isEmpty() && names.isEmpty()) {
      return;
    }
    Mapping configuration =
        Mapping.EMPTY
            .with("apiVersion", Scalar.text(KUBEADM))
            .with("kind", Scalar.text("ClusterConfiguration"));
    if (!networking.isEmpty()) {
      configuration = configuration.with("networking", Mapping.of(networking));
    }
    if (!names.isEmpty()) {
      configuration =
          configuration.change(
              "apiServer", server -> server.with("certSANs", Sequence.texts(names)));
    }
    cluster.kubeadm(
        new KubeadmDocument("ClusterConfiguration", new YamlWriter().write(configuration)));
  }

  private static Scalar text(Scalar scalar) {
    return Scalar.text(scalar.text());
  }
}
