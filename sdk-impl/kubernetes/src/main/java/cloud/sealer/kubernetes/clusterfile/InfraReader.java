package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads the document of kind {@code Infra}: machines to be made, by number and size. */
final class InfraReader {
  /** Names that releases of sealer had for what makes machines. */
  private static final Map<String, String> PROVIDERS =
      Map.of("ALI_CLOUD", "aliyun", "CONTAINER", "docker");

  private static final String NO_PROVIDER = "BAREMETAL";

  private InfraReader() {}

  /** Reads a document; empty if it has mistakes. */
  static Optional<InfrastructureSpec> read(Section document) {
    Section metadata = document.section("metadata");
    metadata.ignore("name", "creationTimestamp", "annotations");
    metadata.warnOfOthers();
    document.ignore("apiVersion", "kind", "status");
    Section spec = document.section("spec");
    String provider = spec.text("provider");
    if (provider.equals(NO_PROVIDER)) {
      document
          .findings()
          .error(
              spec.placeOf("provider"),
              provider,
              "nobody makes machines of the provider " + NO_PROVIDER,
              "name hosts in the Cluster instead");
    }
    List<MachineGroup> groups = new ArrayList<>();
    for (Section group : spec.sections("hosts")) {
      group(group, ClusterReader.roles(group)).ifPresent(groups::add);
      group.warnOfOthers();
    }
    String image = spec.text("image");
    Map<String, String> options = options(spec);
    spec.warnOfOthers();
    document.warnOfOthers();
    return make(spec, "hosts", provider(provider), groups, image, options);
  }

  private static Map<String, String> options(Section spec) {
    Map<String, String> options = new TreeMap<>();
    YamlNode value = spec.value("options");
    if (value instanceof Mapping mapping) {
      Section section = spec.section("options");
      for (String name : mapping.values().keySet()) {
        options.put(name, section.text(name));
      }
    } else if (value != null) {
      spec.section("options"); // tells that it must be a mapping
    }
    return options;
  }

  /** The name that a provider has here. */
  static String provider(String name) {
    return PROVIDERS.getOrDefault(name, name);
  }

  /** Whether releases of sealer made machines by this name. */
  static boolean isProvider(String name) {
    return PROVIDERS.containsKey(name);
  }

  private static Optional<InfrastructureSpec> make(
      Section section,
      String field,
      String provider,
      List<MachineGroup> groups,
      String image,
      Map<String, String> options) {
    try {
      return section.findings().hasErrors()
          ? Optional.empty()
          : Optional.of(new InfrastructureSpec(provider, groups, image, options));
    } catch (IllegalArgumentException e) {
      section
          .findings()
          .error(
              section.placeOf(field),
              "",
              section.nameOf(field) + ": " + e.getMessage(),
              "begin with a group of the role master and a count of at least 1");
      return Optional.empty();
    }
  }

  /** Makes what the sections of the first version say. */
  static Optional<InfrastructureSpec> ofV1(
      Section masters, String provider, List<MachineGroup> groups) {
    return make(masters, "count", provider(provider), groups, "", Map.of());
  }

  /** Reads the count and the sizes of a group; empty if there is no count. */
  static Optional<MachineGroup> group(Section group, Set<String> roles) {
    long count = number(group, "count", 0);
    long cpus = number(group, "cpu", 1);
    long memory = size(group, "memory");
    long systemDisk = size(group, "systemDisk");
    List<Long> dataDisks = new ArrayList<>();
    for (Scalar disk : group.texts("dataDisks")) {
      parse(group, "dataDisks", disk).ifPresent(dataDisks::add);
    }
    if (count < 0) {
      group
          .findings()
          .error(
              group.placeOf("count"),
              "",
              group.nameOf("count") + " is missing",
              "say how many machines there are to be");
      return Optional.empty();
    }
    return group.findings().hasErrors() || roles.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MachineGroup(
                roles, (int) count, (int) Math.max(0, cpus), memory, systemDisk, dataDisks));
  }

  /** A whole number; -1 if there is none. */
  private static long number(Section group, String field, int least) {
    Scalar value = group.scalar(field).filter(scalar -> !scalar.text().isEmpty()).orElse(null);
    if (value == null) {
      return -1;
    }
    if (value.text().matches("[0-9]{1,4}") && Integer.parseInt(value.text()) >= least) {
      return Integer.parseInt(value.text());
    }
    group
        .findings()
        .error(
            value.place(),
            value.text(),
            group.nameOf(field)
                + " must be a whole number of at least "
                + least
                + ", got "
                + quote(value.text()),
            "");
    return least;
  }

  private static long size(Section group, String field) {
    return group
        .scalar(field)
        .filter(scalar -> !scalar.text().isEmpty())
        .flatMap(scalar -> parse(group, field, scalar))
        .orElse(0L);
  }

  private static Optional<Long> parse(Section group, String field, Scalar size) {
    try {
      return Optional.of(MachineSize.parse(size.text()));
    } catch (IllegalArgumentException e) {
      group
          .findings()
          .error(
              size.place(),
              size.text(),
              group.nameOf(field) + ": " + e.getMessage(),
              "write 8 or 8Gi for 8 GiB");
      return Optional.empty();
    }
  }
}
