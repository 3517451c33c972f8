package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.ConfigSpec.Step;
import cloud.sealer.sdk.ConfigSpec.Strategy;
import cloud.sealer.sdk.RootfsPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads documents of kind {@code Config}. */
final class ConfigReader {
  static final Map<String, Strategy> STRATEGIES =
      Map.of("overwrite", Strategy.OVERWRITE, "merge", Strategy.MERGE);
  static final Map<String, Step> PROCESSES =
      Map.of("value", Step.VALUE, "toJson", Step.TO_JSON, "toBase64", Step.TO_BASE64);

  private ConfigReader() {}

  static Optional<ConfigSpec> read(Section document) {
    Section metadata = document.section("metadata");
    String name = metadata.text("name");
    metadata.warnOfOthers();
    document.ignore("apiVersion", "kind", "spec", "status");
    document.warnOfOthers();

    Section spec = document.section("spec");
    Optional<RootfsPath> path = path(spec);
    Strategy strategy = strategy(spec);
    List<Step> process = process(spec);
    if (spec.value("data") == null) {
      spec.findings().error(spec.placeOf("data"), "", "spec.data is missing", "");
    }
    String data = spec.text("data");
    spec.warnOfOthers();
    return path.map(file -> new ConfigSpec(name, file, strategy, process, data));
  }

  private static Optional<RootfsPath> path(Section spec) {
    Optional<Scalar> path = spec.scalar("path").filter(text -> !text.text().isBlank());
    if (path.isEmpty()) {
      spec.findings()
          .error(
              spec.placeOf("path"),
              "",
              "spec.path is missing",
              "write the path of a file of the rootfs, such as etc/kubeadm.yml");
      return Optional.empty();
    }
    Scalar text = path.get();
    try {
      RootfsPath file = RootfsPath.of(text.text());
      if (!file.isRoot()) {
        return Optional.of(file);
      }
      spec.findings().error(text.place(), text.text(), "spec.path must be a file", "");
    } catch (IllegalArgumentException e) {
      spec.findings()
          .error(
              text.place(),
              text.text(),
              "spec.path must stay in the rootfs, got " + quote(text.text()),
              "write it from the root of the rootfs, without ..");
    }
    return Optional.empty();
  }

  private static Strategy strategy(Section spec) {
    Optional<Scalar> text = spec.scalar("strategy").filter(scalar -> !scalar.text().isEmpty());
    Strategy strategy = text.map(scalar -> lookup(STRATEGIES, scalar.text())).orElse(null);
    if (strategy == null && text.isPresent()) {
      unknown(spec, text.get(), text.get().text(), "strategy", STRATEGIES);
    }
    return strategy == null ? Strategy.OVERWRITE : strategy;
  }

  private static List<Step> process(Section spec) {
    List<Step> steps = new ArrayList<>();
    spec.scalar("process")
        .filter(scalar -> !scalar.text().isBlank())
        .ifPresent(
            scalar -> {
              for (String word : scalar.text().split("\\|", -1)) {
                Step step = lookup(PROCESSES, word.strip());
                if (step == null) {
                  unknown(spec, scalar, word.strip(), "process", PROCESSES);
                } else {
                  steps.add(step);
                }
              }
            });
    return steps;
  }

  private static <T> @Nullable T lookup(Map<String, T> known, String word) {
    Map<String, T> caseless = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    caseless.putAll(known);
    return caseless.get(word.toLowerCase(Locale.ROOT));
  }

  private static void unknown(
      Section spec, Scalar scalar, String word, String field, Map<String, ?> known) {
    String words = String.join(", ", known.keySet().stream().sorted().toList());
    spec.findings()
        .error(
            scalar.place(),
            word,
            "spec." + field + " " + quote(word) + " is not known",
            Findings.near(word, known.keySet(), "use " + words));
  }
}
