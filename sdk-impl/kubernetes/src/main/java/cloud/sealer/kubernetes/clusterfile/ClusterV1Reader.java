package cloud.sealer.kubernetes.clusterfile;

import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.KubeadmDocument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the document of kind {@code Cluster} in the first version and makes the second of it. */
final class ClusterV1Reader {
  /** What begins the annotations that keep what the second version has no place for. */
  static final String ANNOTATION = "v1.sealer.cloud/";

  private static final String KUBEADM = "kubeadm.k8s.io/v1beta2";
  private static final List<String> SIZES = List.of("cpu", "memory", "count", "systemDisk");

  private ClusterV1Reader() {}

  static void read(Section document, ClusterSpec.Builder cluster) {
    Section spec = document.section("spec");
    ClusterReader.readCommon(document, spec, cluster);
    provider(spec, cluster);
    kubeadm(spec, cluster);
    hosts(spec.section("masters"), "masters", Host.CONTROL_PLANE, cluster);
    hosts(spec.section("nodes"), "nodes", Host.WORKER, cluster);
    spec.warnOfOthers();
  }

  private static void provider(Section spec, ClusterSpec.Builder cluster) {
    spec.scalar("provider")
        .filter(provider -> !provider.text().isEmpty() && !provider.text().equals("BAREMETAL"))
        .ifPresent(provider -> keep(spec, "provider", provider, cluster, "provider"));
  }

  private static void hosts(Section hosts, String name, String role, ClusterSpec.Builder cluster) {
    List<HostAddress> addresses = AddressReader.read(hosts, "ipList");
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
    hosts.warnOfOthers();
  }

  private static void keep(
      Section section, String field, Scalar value, ClusterSpec.Builder cluster, String name) {
    cluster.annotation(ANNOTATION + name, value.text());
    section
        .findings()
        .warning(
            section.placeOf(field),
            value.text(),
            section.nameOf(field) + " is about making machines, which this does not do",
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
