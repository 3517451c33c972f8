package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads documents of kind {@code Plugin}, and checks all that can be known without the cluster. */
public final class PluginReader {
  private static final Map<String, Phase> PHASES = phases();

  private PluginReader() {}

  private static Map<String, Phase> phases() {
    Map<String, Phase> phases = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Phase phase : Phase.values()) {
      phases.put(phase.text(), phase);
      phases.put(phase.name().replace('_', '-').toLowerCase(Locale.ROOT), phase);
    }
    // The words of releases 0.9 and later.
    phases.put("pre-init-host", Phase.ORIGINALLY);
    phases.put("post-init-host", Phase.PRE_INIT);
    phases.put("pre-clean-host", Phase.PRE_CLEAN);
    phases.put("post-clean-host", Phase.POST_CLEAN);
    return Collections.unmodifiableMap(phases);
  }

  /**
   * Reads a document.
   *
   * @param document the whole document
   * @return the plugin; empty if it has mistakes that leave none, which the section's findings have
   */
  public static Optional<PluginSpec> read(Section document) {
    Section metadata = document.section("metadata");
    String name = metadata.text("name").strip();
    if (name.isEmpty()) {
      metadata
          .findings()
          .error(metadata.placeOf("name"), "", "the plugin has no metadata.name", "");
    }
    metadata.warnOfOthers();
    document.ignore("apiVersion", "kind", "spec", "status");
    document.warnOfOthers();

    Section spec = document.section("spec");
    Optional<Scalar> type = required(spec, "type", "use one of SHELL, LABEL, TAINT, HOSTNAME");
    Set<Phase> phases = phases(spec);
    Scalar on = spec.scalar("on").or(() -> spec.scalar("scope")).orElse(Scalar.text(""));
    Scalar data = spec.scalar("data").orElse(Scalar.text(""));
    spec.ignore("scope");
    spec.warnOfOthers();
    if (name.isEmpty() || type.isEmpty() || phases.isEmpty()) {
      return Optional.empty();
    }
    String word = type.get().text().strip().toUpperCase(Locale.ROOT);
    PluginType.check(word, type.get(), phases, on, data, spec);
    return Optional.of(new PluginSpec(name, word, phases, on.text().strip(), data.text()));
  }

  private static Optional<Scalar> required(Section spec, String field, String remedy) {
    Optional<Scalar> value = spec.scalar(field).filter(scalar -> !scalar.text().isBlank());
    if (value.isEmpty()) {
      spec.findings().error(spec.placeOf(field), "", "spec." + field + " is missing", remedy);
    }
    return value;
  }

  private static Set<Phase> phases(Section spec) {
    Set<Phase> phases = EnumSet.noneOf(Phase.class);
    Optional<Scalar> action =
        required(spec, "action", "write when it is done, such as PreGuest or PostInstall");
    if (action.isEmpty()) {
      return phases;
    }
    for (String word : action.get().text().split("\\|", -1)) {
      Phase phase = PHASES.get(word.strip());
      if (phase != null) {
        phases.add(phase);
      } else {
        spec.findings()
            .error(
                action.get().place(),
                word.strip(),
                "spec.action " + quote(word.strip()) + " is no phase of a run",
                Findings.near(
                    word.strip(),
                    Arrays.stream(Phase.values()).map(Phase::text).toList(),
                    "use Originally, PreInit, PreGuest, PostInstall, PreJoin, PostJoin, PreClean or"
                        + " PostClean"));
      }
    }
    return phases;
  }
}
