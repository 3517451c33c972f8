package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Reads the document of kind {@code Cluster}, in the second version. */
final class ClusterReader {
  private static final Map<String, String> ROLES =
      Map.of(
          "masters", Host.CONTROL_PLANE,
          "control-plane", Host.CONTROL_PLANE,
          "controlplane", Host.CONTROL_PLANE,
          "controller", Host.CONTROL_PLANE,
          "nodes", Host.WORKER,
          "worker", Host.WORKER,
          "workers", Host.WORKER);

  private ClusterReader() {}

  /** Reads what both versions have. */
  static void readCommon(Section document, Section spec, ClusterSpec.Builder cluster) {
    Section metadata = document.section("metadata");
    metadata.scalar("name").ifPresent(name -> name(name, metadata.findings(), cluster));
    metadata.ignore("creationTimestamp");
    if (metadata.value("annotations") instanceof Mapping annotations) {
      annotations.values().forEach((key, value) -> cluster.annotation(key, text(value)));
    }
    metadata.warnOfOthers();
    document.ignore("apiVersion", "kind", "spec", "status");
    document.warnOfOthers();

    spec.scalar("image").ifPresent(image -> image(image, spec.findings(), cluster));
    EnvReader.read(spec, "env")
        .forEach((name, values) -> cluster.env(name, values.toArray(String[]::new)));
    cluster.ssh(SshReader.read(spec.section("ssh")));
  }

  private static String text(YamlNode value) {
    return value instanceof Scalar scalar && !scalar.isNull() ? scalar.text() : "";
  }

  private static void name(Scalar name, Findings findings, ClusterSpec.Builder cluster) {
    try {
      cluster.name(name.text());
    } catch (IllegalArgumentException e) {
      findings.error(name.place(), name.text(), String.valueOf(e.getMessage()), "");
    }
  }

  private static void image(Scalar image, Findings findings, ClusterSpec.Builder cluster) {
    try {
      if (!image.text().isEmpty()) {
        Reference.parse(image.text());
      }
      cluster.image(image.text());
    } catch (IllegalArgumentException e) {
      findings.error(image.place(), image.text(), String.valueOf(e.getMessage()), "");
    }
  }

  /** Reads a document. */
  static void read(Section document, ClusterSpec.Builder cluster) {
    Section spec = document.section("spec");
    readCommon(document, spec, cluster);
    EnvReader.arguments(spec, "cmd_args").forEach(cluster::commandArg);
    if (spec.value("cmd") != null) {
      cluster.commands(spec.texts("cmd").stream().map(Scalar::text).toList());
    }
    Map<HostAddress, Set<String>> seen = new LinkedHashMap<>();
    for (Section host : spec.sections("hosts")) {
      group(host, seen, cluster);
    }
    spec.scalar("dataRoot").ifPresent(root -> set(root, spec, cluster::dataRoot));
    spec.scalar("distribution")
        .ifPresent(way -> set(way, spec, text -> cluster.distribution(Distribution.parse(text))));
    cluster.registry(RegistryReader.read(spec.section("registry")));
    spec.warnOfOthers();
  }

  private static void set(Scalar value, Section section, Consumer<String> setter) {
    try {
      setter.accept(value.text());
    } catch (IllegalArgumentException e) {
      section.findings().error(value.place(), value.text(), String.valueOf(e.getMessage()), "");
    }
  }

  private static void group(
      Section host, Map<HostAddress, Set<String>> seen, ClusterSpec.Builder cluster) {
    List<HostAddress> addresses = AddressReader.read(host, "ips");
    Set<String> roles = roles(host);
    if (addresses.isEmpty() && !host.has("ips")) {
      host.findings().error(host.place(), "", host.nameOf("ips") + " is missing", "");
    }
    for (HostAddress address : addresses) {
      Set<String> before = seen.computeIfAbsent(address, key -> new LinkedHashSet<>());
      if (!before.isEmpty() && before.containsAll(roles)) {
        host.findings()
            .warning(
                host.placeOf("ips"),
                address.toString(),
                quote(address.toString()) + " stands in two groups with the same roles",
                "its first settings win; remove it from one");
      }
      before.addAll(roles);
    }
    cluster.group(
        new HostGroup(
            addresses, roles, SshReader.read(host.section("ssh")), EnvReader.read(host, "env")));
    host.warnOfOthers();
  }

  /** The roles of a host or machine, at least one if there is no mistake in them. */
  static Set<String> roles(Section host) {
    Set<String> roles = new LinkedHashSet<>();
    List<String> wrong = new ArrayList<>();
    for (Scalar role : host.texts("roles")) {
      String meant = ROLES.get(role.text().toLowerCase(Locale.ROOT));
      if (role.text().isBlank()) {
        host.findings().error(role.place(), "", host.nameOf("roles") + " has an empty role", "");
      } else if (meant != null) {
        wrong.add(role.text());
        host.findings()
            .error(
                role.place(),
                role.text(),
                quote(role.text()) + " is no role that Kubernetes is installed by",
                "write " + meant);
      } else {
        roles.add(role.text());
      }
    }
    if (roles.isEmpty() && wrong.isEmpty()) {
      host.findings()
          .error(
              host.placeOf("roles"),
              "",
              host.nameOf("roles") + " is missing",
              "write [" + Host.CONTROL_PLANE + "] or [" + Host.WORKER + "]");
    }
    return roles;
  }
}
