package cloud.sealer.kubernetes.plugin;

import static cloud.sealer.core.finding.Diagnostics.quote;

import cloud.sealer.kubernetes.finding.Findings;
import cloud.sealer.kubernetes.finding.Section;
import cloud.sealer.kubernetes.yaml.YamlException;
import cloud.sealer.kubernetes.yaml.YamlNode;
import cloud.sealer.kubernetes.yaml.YamlNode.Place;
import cloud.sealer.kubernetes.yaml.YamlReader;
import cloud.sealer.kubernetes.yaml.YamlText;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterPlugin;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The plugins that an image brings in its directory {@code plugins}. */
public final class PluginFiles {
  private PluginFiles() {}

  /**
   * What the files have.
   *
   * @param plugins the plugins by file name, and in a file in its order
   * @param warnings what does not stop them
   */
  public record Loaded(List<PluginSpec> plugins, List<Diagnostic> warnings) {
    /** Copies the lists. */
    public Loaded {
      plugins = List.copyOf(plugins);
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Whether a file of the image is read.
   *
   * @param path its path in the rootfs
   */
  public static boolean isPluginFile(RootfsPath path) {
    String parent = path.parent().value();
    String name = path.name();
    return (parent.equals("plugins") || parent.equals("plugin"))
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".so"));
  }

  /**
   * Reads plugins.
   *
   * @param files the text of each file; that of a {@code .so} file is not looked at
   * @throws cloud.sealer.sdk.SealerException with {@link ErrorCode#PLUGIN_FAILED} and the mistakes
   *     of the first file that has some
   */
  public static Loaded load(Map<RootfsPath, String> files) {
    List<PluginSpec> plugins = new ArrayList<>();
    List<Diagnostic> warnings = new ArrayList<>();
    new TreeMap<>(files)
        .forEach(
            (path, text) -> {
              Findings findings = new Findings(path.value());
              if (path.name().endsWith(".so")) {
                findings.warning(
                    new Place(0, 0),
                    "",
                    "plugins that are Go libraries are not loaded",
                    "write the plugin in Java, as a ClusterPlugin");
              } else {
                plugins.addAll(read(text, findings));
              }
              findings.throwIfAny(ErrorCode.PLUGIN_FAILED);
              warnings.addAll(findings.warnings());
            });
    return new Loaded(plugins, warnings);
  }

  private static List<PluginSpec> read(String text, Findings findings) {
    List<PluginSpec> plugins = new ArrayList<>();
    for (YamlText document : YamlText.split(text)) {
      try {
        YamlNode node = YamlReader.read(document.text(), document.firstLine());
        Section section = new Section("", node, findings);
        String kind = section.text("kind");
        if (kind.equals("Plugin")) {
          PluginReader.read(section).ifPresent(plugins::add);
        } else {
          findings.warning(
              section.placeOf("kind"),
              kind,
              "only documents of kind Plugin are read here, not " + quote(kind),
              Findings.near(kind, List.of("Plugin"), ""));
        }
      } catch (YamlException e) {
        findings.error(e.place(), "", "the document is not YAML: " + e.getMessage(), "");
      }
    }
    return plugins;
  }

  /**
   * The plugins of a run: those of the image in their order, each replaced by one of the
   * Clusterfile that has its name, and then the others of the Clusterfile.
   *
   * @param ofImage the plugins of the image
   * @param ofClusterfile the plugins of the Clusterfile
   */
  public static List<PluginSpec> merge(
      Collection<PluginSpec> ofImage, Collection<PluginSpec> ofClusterfile) {
    Map<String, PluginSpec> byName = new LinkedHashMap<>();
    ofImage.forEach(plugin -> byName.put(plugin.name(), plugin));
    ofClusterfile.forEach(plugin -> byName.put(plugin.name(), plugin));
    return List.copyOf(byName.values());
  }

  /**
   * Checks what could not be checked when documents were read: that someone does each type, and
   * that those who do accept the documents.
   *
   * @param plugins the plugins of a run
   * @param providers the types that are there beside the built-in ones
   * @throws SealerException with {@link ErrorCode#PLUGIN_FAILED} and everything found
   */
  public static void check(
      Collection<PluginSpec> plugins, Collection<? extends ClusterPlugin> providers) {
    List<String> problems = new ArrayList<>();
    for (PluginSpec plugin : plugins) {
      if (PluginType.of(plugin.type()).isPresent()) {
        continue;
      }
      Optional<? extends ClusterPlugin> provider =
          providers.stream().filter(one -> one.type().equals(plugin.type())).findFirst();
      if (provider.isEmpty()) {
        problems.add(
            "plugin " + plugin.name() + ": nothing here does the type " + quote(plugin.type()));
      } else {
        provider
            .get()
            .validate(plugin)
            .forEach(problem -> problems.add("plugin " + plugin.name() + ": " + problem));
      }
    }
    if (!problems.isEmpty()) {
      throw SealerException.builder(ErrorCode.PLUGIN_FAILED, String.join("\n", problems))
          .remedy("mend the plugins, or add the artifact that has their type")
          .build();
    }
  }
}
