package cloud.sealer.kubernetes.clusterfile;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.plugin.PluginReader;
import cloud.sealer.kubernetes.template.Templates;
import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlText;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.KubeadmDocument;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterfileFormat.Read;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one Clusterfile. */
final class ClusterfileReader {
  private static final List<String> V2 = List.of("sealer.cloud/v2", "sealer.io/v2");
  private static final List<String> V1 =
      List.of("zlink.aliyun.com/v1alpha1", "sealer.aliyun.com/v1alpha1");
  private static final Set<String> KUBEADM =
      Set.of(
          "InitConfiguration",
          "ClusterConfiguration",
          "JoinConfiguration",
          "KubeletConfiguration",
          "KubeProxyConfiguration",
          "KubeadmConfig");
  private static final List<String> KINDS = kinds();

  private static final Pattern CLUSTER =
      Pattern.compile("(?m)^[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?Cluster[\"']?[ \t]*(?:#.*)?\r?$");
  private static final Pattern RENDER_PROBLEM = Pattern.compile("line ([0-9]{1,9}): (.*)");

  private final Findings findings;
  private final ClusterSpec.Builder cluster = ClusterSpec.builder(ClusterSpec.DEFAULT_NAME);
  private final Set<String> plugins = new HashSet<>();

  /** Makes a text of a template. */
  interface Renderer {
    String render(String template, Map<String, List<String>> env);
  }

  private ClusterfileReader(String file) {
    findings = new Findings(file);
  }

  private static List<String> kinds() {
    List<String> kinds = new ArrayList<>(KUBEADM);
    kinds.addAll(List.of("Cluster", "Config", "Infra", "Plugin"));
    return List.copyOf(kinds);
  }

  static Read read(String text, String file, Renderer renderer) {
    ClusterfileReader reader = new ClusterfileReader(file);
    List<YamlText> others = reader.readCluster(YamlText.split(text));
    reader.readOthers(others, renderer);
    reader.findings.throwIfAny(ErrorCode.INVALID_CLUSTERFILE);
    return new Read(reader.cluster.build(), reader.findings.warnings());
  }

  /** Reads the one document of kind Cluster and returns the others. */
  private List<YamlText> readCluster(List<YamlText> documents) {
    List<YamlText> others = new ArrayList<>();
    int clusters = 0;
    for (YamlText document : documents) {
      Mapping mapping = clusterOf(document);
      if (mapping == null) {
        others.add(document);
      } else if (++clusters > 1) {
        boolean read = !mapping.values().isEmpty();
        findings.error(
            read ? mapping.placeOf("kind") : new Place(document.firstLine(), 1),
            "Cluster",
            "the file has several documents of kind Cluster",
            "write one file for each cluster");
      } else if (!mapping.values().isEmpty()) {
        cluster(mapping);
      }
    }
    if (clusters == 0) {
      findings.error(
          new Place(1, 1),
          "",
          "the file has no document of kind Cluster",
          "begin with apiVersion: " + V2.get(0) + " and kind: Cluster");
    }
    return others;
  }

  /** The document if it is of kind Cluster, empty if it would be but is not YAML; else null. */
  private @Nullable Mapping clusterOf(YamlText document) {
    try {
      return YamlReader.read(document.text(), document.firstLine()) instanceof Mapping mapping
              && mapping.text("kind").equals("Cluster")
          ? mapping
          : null;
    } catch (YamlException e) {
      if (CLUSTER.matcher(document.text()).find()) {
        parse(document, findings);
        return Mapping.EMPTY;
      }
      return null;
    }
  }

  private YamlNode parse(YamlText document, Findings findings) {
    try {
      return YamlReader.read(document.text(), document.firstLine());
    } catch (YamlException e) {
      findings.error(e.place(), "", "the document is not YAML: " + e.getMessage(), "");
      return YamlNode.Scalar.NULL;
    }
  }

  private void cluster(Mapping mapping) {
    Section document = new Section("", mapping, findings);
    String version = document.text("apiVersion");
    if (V1.contains(version)) {
      ClusterV1Reader.read(document, cluster);
      return;
    }
    if (!V2.contains(version)) {
      List<String> known = new ArrayList<>(V2);
      known.addAll(V1);
      findings.error(
          mapping.placeOf("apiVersion"),
          version,
          version.isEmpty()
              ? "the Cluster has no apiVersion"
              : "the apiVersion " + quote(version) + " of the Cluster is not known",
          Findings.near(version, known, "use " + V2.get(0)));
    }
    ClusterReader.read(document, cluster);
  }

  private void readOthers(List<YamlText> documents, Renderer renderer) {
    if (documents.stream().noneMatch(document -> Templates.isTemplate(document.text()))) {
      documents.forEach(document -> document(document, findings));
      return;
    }
    String template = only(documents);
    Map<String, List<String>> env = cluster.build().env();
    Templates.check(template, env.keySet(), findings);
    if (findings.hasErrors()) {
      // Nothing is made of a file with mistakes, but those of the plain documents are told too.
      documents.stream()
          .filter(document -> !Templates.isTemplate(document.text()))
          .forEach(document -> document(document, findings));
      return;
    }
    try {
      RenderedText rendered = RenderedText.of(template, renderer.render(template, env));
      Findings mapped = findings.through(rendered::source);
      YamlText.split(rendered.text()).forEach(document -> document(document, mapped));
    } catch (SealerException e) {
      if (e.code() != ErrorCode.RENDER_FAILED) {
        throw e;
      }
      renderFailed(String.valueOf(e.getMessage()));
    }
  }

  private void renderFailed(String message) {
    Matcher problem = RENDER_PROBLEM.matcher(message);
    boolean known = problem.find();
    findings.error(
        new Place(known ? Integer.parseInt(problem.group(1)) : 1, 1),
        "",
        "the template cannot be rendered: " + (known ? problem.group(2) : message),
        "");
  }

  /** The documents, each on its lines of the file, and nothing of the rest. */
  private static String only(List<YamlText> documents) {
    StringBuilder text = new StringBuilder();
    int line = 1;
    for (YamlText document : documents) {
      String content = document.text();
      if (line > 1 && document.firstLine() == line) {
        // It stands on the line of its marker, with blanks in place of that.
        content = "---" + content.substring(3);
      } else if (line > 1 || document.firstLine() > 1) {
        int marker = Math.max(1, document.firstLine() - 1);
        text.append("\n".repeat(Math.max(0, marker - line))).append("---\n");
        line = marker + 1;
      }
      text.append(content);
      line += (int) content.chars().filter(c -> c == '\n').count();
    }
    return text.toString();
  }

  private void document(YamlText text, Findings findings) {
    YamlNode node = parse(text, findings);
    if (node.isNull()) {
      return;
    }
    Section document = new Section("", node, findings);
    String kind = document.text("kind");
    if (kind.equals("Config")) {
      ConfigReader.read(document).ifPresent(cluster::config);
    } else if (kind.equals("Plugin")) {
      PluginReader.read(document).ifPresent(plugin -> plugin(document, plugin));
    } else if (kind.equals("Infra")) {
      infra(document);
    } else if (KUBEADM.contains(kind)) {
      cluster.kubeadm(new KubeadmDocument(kind, text.text()));
    } else if (kind.equals("Cluster")) {
      findings.error(
          document.placeOf("kind"),
          kind,
          "the file has several documents of kind Cluster, or a template makes one",
          "write one file for each cluster");
    } else {
      String what = kind.isEmpty() ? "a document without kind" : "the kind " + quote(kind);
      findings.warning(
          document.placeOf("kind"),
          kind,
          what + " is not known, so the document is ignored",
          Findings.near(kind, KINDS, ""));
    }
  }

  private void infra(Section document) {
    ClusterSpec known = cluster.build();
    if (known.infrastructure().isPresent()) {
      document
          .findings()
          .error(
              document.placeOf("kind"),
              "Infra",
              "the machines of the cluster are described twice",
              "describe all groups of machines in one document of kind Infra");
    } else if (!known.hosts().isEmpty()) {
      document
          .findings()
          .error(
              document.placeOf("kind"),
              "Infra",
              "the Cluster names hosts by address, so no machines are made for it",
              "remove the hosts of the Cluster, or this document");
    } else {
      InfraReader.read(document).ifPresent(cluster::infrastructure);
    }
  }

  private void plugin(Section document, PluginSpec plugin) {
    if (plugins.add(plugin.name())) {
      cluster.plugin(plugin);
    } else {
      document
          .findings()
          .error(
              document.placeOf("metadata"),
              plugin.name(),
              "the file has several plugins named " + quote(plugin.name()),
              "give each a name of its own");
    }
  }
}
