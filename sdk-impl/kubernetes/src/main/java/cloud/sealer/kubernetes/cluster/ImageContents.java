package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.distribution.Distribute;
import cloud.sealer.kubernetes.image.RootfsFiles;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.plugin.PluginFiles;
import cloud.sealer.kubernetes.rootfs.ConfigFiles;
import cloud.sealer.kubernetes.rootfs.HostTemplates;
import cloud.sealer.kubernetes.rootfs.Metadata;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.RegistrySpec;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RunnerProvider;
import cloud.sealer.sdk.spi.TemplateRenderer;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an image brings to hosts, with the Config documents of its spec applied. */
final class ImageContents {
  private final RunnerProvider.Settings settings;
  private final RootfsImage image;
  private final ClusterSpec spec;
  private final Platform platform;
  private final RootfsFiles files;
  private final Map<RootfsPath, String> changed;

  private ImageContents(
      RunnerProvider.Settings settings, RootfsImage image, ClusterSpec spec, Platform platform) {
    this.settings = settings;
    this.image = image;
    this.spec = spec;
    this.platform = platform;
    this.files = image.files(platform);
    this.changed = ConfigFiles.apply(spec.configs(), path -> files.text(path.value()));
  }

  /** The image of a change. */
  static ImageContents of(Situation situation, RunnerProvider.Settings settings) {
    return new ImageContents(
        settings, situation.requireImage(), situation.spec(), platform(situation));
  }

  /** What the cluster has already and the image of the change does not replace. */
  static List<ImageContents> installed(Situation situation, RunnerProvider.Settings settings) {
    return situation.installed().stream()
        .map(each -> new ImageContents(settings, each.image(), each.spec(), platform(situation)))
        .toList();
  }

  private static Platform platform(Situation situation) {
    return situation.controlPlanes().stream()
        .findFirst()
        .orElseGet(() -> situation.hosts().get(0))
        .facts()
        .platform();
  }

  /** All container images of several images. */
  static List<ContainerImage> containerImages(List<ImageContents> all) {
    return all.stream()
        .flatMap(each -> each.metadata().containerImages().stream())
        .distinct()
        .toList();
  }

  RootfsImage image() {
    return image;
  }

  /** What is known of it, for the control plane's platform. */
  ClusterImage.Metadata metadata() {
    return image.platform(platform).metadata();
  }

  private Metadata file() {
    return text("Metadata").map(Metadata::parse).orElse(Metadata.NONE);
  }

  boolean bringsKubernetes() {
    return image.kubernetesVersion(platform).isPresent();
  }

  /** The version of Kubernetes. */
  KubernetesVersion version() {
    try {
      return KubernetesVersion.parse(image.kubernetesVersion(platform).orElse(""));
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.IMAGE_UNSUPPORTED,
              image.image().reference() + ": version in Metadata: " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  /** Which versions of Kubernetes an application wants; empty for any. */
  String constraint() {
    return file().kubeVersion();
  }

  /** The text of a file as hosts get it, templates left out. */
  Optional<String> text(String path) {
    return Optional.ofNullable(changed.get(RootfsPath.of(path))).or(() -> files.text(path));
  }

  RegistrySettings registry() {
    RegistrySpec wanted = spec.registry();
    if (wanted.username().isPresent() && wanted.password().isEmpty()) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "there is no password for the user "
                  + wanted.username().get()
                  + " of the cluster's registry")
          .remedy("give it by the SecretProvider, or as registry.password in the Clusterfile")
          .build();
    }
    return RegistrySettings.of(path -> files.text(path.value()), spec);
  }

  /** The plugins of the image, with those of the spec over them. */
  List<PluginSpec> plugins() {
    Map<RootfsPath, String> texts = new TreeMap<>();
    for (String directory : List.of("plugin", "plugins")) {
      for (RootfsPath path : files.below(directory)) {
        if (PluginFiles.isPluginFile(path)) {
          texts.put(path, path.name().endsWith(".so") ? "" : text(path.value()).orElse(""));
        }
      }
    }
    return PluginFiles.merge(PluginFiles.load(texts).plugins(), spec.plugins());
  }

  /** The image as each host gets it. */
  Map<HostView, Distribute.Part> parts(List<HostView> hosts) {
    Map<Platform, List<HostView>> byPlatform = new LinkedHashMap<>();
    hosts.forEach(
        view ->
            byPlatform
                .computeIfAbsent(view.facts().platform(), each -> new ArrayList<>())
                .add(view));
    Map<HostView, Distribute.Part> parts = new LinkedHashMap<>();
    byPlatform.forEach(
        (each, views) ->
            on(each)
                .ownFiles(views)
                .forEach((view, own) -> parts.put(view, new Distribute.Part(image, own))));
    return parts;
  }

  private ImageContents on(Platform other) {
    return other.equals(platform) ? this : new ImageContents(settings, image, spec, other);
  }

  /** The files that each host has of its own: changed by Config documents, and rendered for it. */
  private Map<HostView, Map<RootfsPath, String>> ownFiles(List<HostView> hosts) {
    Map<RootfsPath, String> templates = templates();
    Map<HostView, Map<RootfsPath, String>> all = new LinkedHashMap<>();
    if (templates.isEmpty()) {
      hosts.forEach(view -> all.put(view, changed));
      return all;
    }
    Path scratch = scratch();
    try (TemplateRenderer.Session session = renderer().templates(scratch)) {
      for (HostView view : hosts) {
        Map<RootfsPath, String> own = new TreeMap<>(changed);
        own.putAll(
            HostTemplates.render(session, templates, ShellText.variables(view.host(), Map.of())));
        all.put(view, own);
      }
      return all;
    } finally {
      delete(scratch);
    }
  }

  private Map<RootfsPath, String> templates() {
    Map<RootfsPath, String> templates = new TreeMap<>();
    for (FileTree.Entry entry : files.entries()) {
      if (entry.kind() == FileTree.Kind.FILE && HostTemplates.isTemplate(entry.path())) {
        templates.put(entry.path(), text(entry.path().value()).orElse(""));
      }
    }
    changed.forEach(
        (path, text) -> {
          if (HostTemplates.isTemplate(path)) {
            templates.put(path, text);
          }
        });
    return templates;
  }

  private TemplateRenderer renderer() {
    List<String> reasons = new ArrayList<>();
    for (TemplateRenderer renderer : settings.renderer()) {
      Optional<String> reason = renderer.unavailable();
      if (reason.isEmpty()) {
        return renderer;
      }
      reasons.add(renderer.name() + ": " + reason.get());
    }
    throw SealerException.builder(
            ErrorCode.PROVIDER_MISSING,
            "the image has templates, and nothing can render them"
                + (reasons.isEmpty() ? "" : ": " + String.join("; ", reasons)))
        .remedy("add the artifact sealer-sdk-helm to the class path")
        .build();
  }

  private Path scratch() {
    try {
      Files.createDirectories(settings.clusters());
      return Files.createTempDirectory(settings.clusters(), ".templates");
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void delete(Path scratch) {
    try {
      MoreFiles.deleteRecursively(scratch, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private SealerException failed(IOException cause) {
    return SealerException.builder(
            ErrorCode.STORE_IO,
            "cannot work below " + settings.clusters() + ": " + cause.getMessage())
        .cause(cause)
        .build();
  }
}
