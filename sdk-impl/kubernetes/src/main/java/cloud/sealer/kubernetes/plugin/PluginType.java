package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.PluginSpec.Phase;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The types that need no provider, and what each asks of its document. */
public enum PluginType {
  /** A script on hosts. */
  SHELL(EnumSet.allOf(Phase.class)),
  /** The labels of nodes. */
  LABEL(PluginType.whileNodesAreThere()),
  /** The taints of nodes. */
  TAINT(PluginType.whileNodesAreThere()),
  /** The names of hosts, which nodes take over when they join. */
  HOSTNAME(EnumSet.of(Phase.PRE_INIT, Phase.PRE_INSTALL, Phase.PRE_JOIN)),
  /** A snapshot of etcd. */
  ETCD(PluginType.whileNodesAreThere()),
  /** Waits until the pods of the system are ready. */
  CLUSTERCHECK(PluginType.whileNodesAreThere());

  private final Set<Phase> phases;

  PluginType(Set<Phase> phases) {
    this.phases = phases;
  }

  /** The phases in which the API server can be asked. */
  static Set<Phase> whileNodesAreThere() {
    return EnumSet.of(
        Phase.PRE_GUEST, Phase.POST_INSTALL, Phase.PRE_JOIN, Phase.POST_JOIN, Phase.PRE_CLEAN);
  }

  /**
   * The type of a name.
   *
   * @param name the name, in upper case
   * @return the type; empty if a provider must have it
   */
  public static Optional<PluginType> of(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  static void check(
      String name, Scalar word, Set<Phase> phases, Scalar on, Scalar data, Section spec) {
    Optional<PluginType> type = of(name);
    if (type.isPresent()) {
      type.get().check(phases, on, data, spec);
      return;
    }
    List<String> known = Arrays.stream(values()).map(Enum::name).toList();
    spec.findings()
        .warning(
            word.place(),
            word.text(),
            "the plugin type " + quote(word.text()) + " is not built in",
            Findings.near(name, known, "a provider of it must be there when the cluster is run"));
  }

  private void check(Set<Phase> wanted, Scalar on, Scalar data, Section spec) {
    Findings findings = spec.findings();
    Set<Phase> wrong = EnumSet.copyOf(wanted);
    wrong.removeAll(phases);
    if (!wrong.isEmpty()) {
      findings.error(
          spec.placeOf("action"),
          words(wrong),
          "a plugin of type " + name() + " does nothing in " + words(wrong),
          "use " + words(phases));
    }
    switch (this) {
      case SHELL -> {
        HostSelector.check(on, wanted, findings);
        if (data.text().isBlank()) {
          findings.error(spec.placeOf("data"), "", "spec.data is missing", "write the commands");
        }
      }
      case LABEL -> NodeLabels.parse(data, findings);
      case TAINT -> NodeTaints.parse(data, findings);
      case HOSTNAME -> Hostnames.parse(data, findings);
      case ETCD -> EtcdSnapshot.parse(on, data, spec);
      case CLUSTERCHECK -> unused(data, "data", spec);
    }
    if (this != SHELL && this != ETCD) {
      unused(on, "on", spec);
    }
  }

  private void unused(Scalar value, String field, Section spec) {
    if (!value.text().isBlank()) {
      spec.findings()
          .warning(
              value.place(),
              value.text(),
              "spec." + field + " means nothing to a plugin of type " + name(),
              "remove it");
    }
  }

  private static String words(Set<Phase> phases) {
    return phases.stream().map(Phase::text).collect(Collectors.joining(", "));
  }
}
