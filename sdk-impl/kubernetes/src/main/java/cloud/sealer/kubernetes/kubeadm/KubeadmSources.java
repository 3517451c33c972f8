package cloud.sealer.kubernetes.kubeadm;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlNode.Sequence;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlText;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.KubeadmDocument;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Brings documents together, strongest first. Not thread-safe. */
final class KubeadmSources {
  private static final String MIXED = "KubeadmConfig";
  private static final Set<String> HEAD = Set.of("apiVersion", "kind", "metadata");

  private final Map<KubeadmKind, Mapping> merged = new EnumMap<>(KubeadmKind.class);
  private final Set<YamlNode> certSans = new LinkedHashSet<>();

  /** Adds documents of a Clusterfile, each weaker than those before. */
  void add(List<KubeadmDocument> documents) {
    for (KubeadmDocument document : documents) {
      add(document.kind() + " of the Clusterfile", document.yaml());
    }
  }

  /** Adds the documents of a file, each weaker than those before. */
  void add(String file, String text) {
    Findings findings = new Findings(file);
    for (YamlText document : YamlText.split(text)) {
      try {
        YamlNode node = YamlReader.read(document.text(), document.firstLine());
        if (node instanceof Mapping mapping) {
          add(mapping);
        } else {
          findings.error(
              node.place(), "", "a document of kubeadm is a mapping, not " + node.noun(), "");
        }
      } catch (YamlException e) {
        findings.error(e.place(), "", "the document is not YAML: " + e.getMessage(), "");
      }
    }
    findings.throwIfAny(ErrorCode.INVALID_CLUSTERFILE);
  }

  private void add(Mapping document) {
    if (document.text("kind").equals(MIXED)) {
      document
          .mapping("spec")
          .values()
          .forEach(
              (field, value) ->
                  KubeadmKind.having(field)
                      .forEach(kind -> add(kind, Mapping.of(Map.of(field, value)))));
    } else {
      KubeadmKind.of(document.text("kind")).ifPresent(kind -> add(kind, document));
    }
  }

  /** Adds settings of a kind, weaker than those before. */
  void add(KubeadmKind kind, Mapping weaker) {
    Mapping plain = weaker;
    for (String field : HEAD) {
      plain = plain.without(field);
    }
    plain = ExtraArgs.toMappings(plain);
    if (kind == KubeadmKind.CLUSTER
        && plain.mapping("apiServer").get("certSANs") instanceof Sequence names) {
      names.items().forEach(name -> certSans.add(withoutPlace(name)));
    }
    merged.merge(kind, plain, KubeadmSources::fill);
  }

  private static YamlNode withoutPlace(YamlNode name) {
    return name instanceof YamlNode.Scalar scalar ? YamlNode.Scalar.text(scalar.text()) : name;
  }

  /** What came together of a kind. */
  Mapping of(KubeadmKind kind) {
    return merged.getOrDefault(kind, Mapping.EMPTY);
  }

  /** The names of the API server's certificate that stand in any document, each once. */
  List<YamlNode> certSans() {
    return List.copyOf(certSans);
  }

  /** The stronger settings, with what they leave out taken from the weaker. */
  static Mapping fill(Mapping stronger, Mapping weaker) {
    Map<String, YamlNode> filled = new LinkedHashMap<>(stronger.values());
    weaker
        .values()
        .forEach(
            (key, value) -> {
              YamlNode own = filled.get(key);
              if (own == null || own.isNull()) {
                filled.put(key, value);
              } else if (own instanceof Mapping mine && value instanceof Mapping theirs) {
                filled.put(key, fill(mine, theirs));
              }
            });
    return new Mapping(filled, Map.of(), Place.NONE);
  }

  /** The items of two lists, each once, those of the first before. */
  static Sequence union(List<? extends YamlNode> first, List<? extends YamlNode> second) {
    Set<YamlNode> all = new LinkedHashSet<>();
    first.forEach(node -> all.add(withoutPlace(node)));
    second.forEach(node -> all.add(withoutPlace(node)));
    return new Sequence(new ArrayList<>(all), Place.NONE);
  }
}
