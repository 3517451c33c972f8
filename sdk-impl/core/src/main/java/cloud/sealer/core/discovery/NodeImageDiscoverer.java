package cloud.sealer.core.discovery;

import cloud.sealer.core.discovery.KubeadmRelease.Version;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what the nodes themselves need: the images that kubeadm pulls for the Kubernetes version of
 * the rootfs, and the pause image that the kubelet or containerd is configured with. Reads {@code
 * etc/kubeadm.yml}, {@code Metadata}, {@code etc/registry.yml} and the configuration files below
 * {@code etc/}.
 *
 * <p>An image is found if the rootfs says which registry it comes from and that can be asked.
 * Mostly the nodes take these images from the cluster's own registry ({@code
 * sea.hub:5000/library}), which does not exist while an image is built: then they are suspected, so
 * that the report shows what must come from the base or from {@code manifests/imageList}, and a
 * build without network goes on. A suspicion ends when anything names an image that the cluster's
 * registry will serve under the same path. Files of other layers are not looked at, so an
 * application image reports nothing here.
 */
public final class NodeImageDiscoverer implements ImageDiscoverer {
  /** The rule of its findings. */
  public static final String RULE = RuleNames.NODE;

  private static final RootfsPath ETC = RootfsPath.of("etc");
  private static final RootfsPath KUBEADM = ETC.resolve("kubeadm.yml");
  private static final RootfsPath REGISTRY = ETC.resolve("registry.yml");
  private static final RootfsPath METADATA = RootfsPath.of("Metadata");

  private static final String DEFAULT_DOMAIN = "sea.hub";
  private static final String DEFAULT_REPOSITORY = DEFAULT_DOMAIN + ":5000/library";
  private static final List<String> COMPONENTS =
      List.of("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kube-proxy");

  private static final Set<String> CONFIGURATIONS =
      Set.of("toml", "conf", "service", "env", "tmpl");
  private static final Pattern PAUSE =
      Pattern.compile(
          "(?:sandbox_image|^\\s*sandbox|--pod-infra-container-image)\\s*[="
              + " ]\\s*[\"']?([^\\s\"']+/[^\\s\"']+)");

  private static final Node.Mapping EMPTY = new Node.Mapping(Map.of(), "", 1, 1, 1);

  private final List<KubeadmRelease> releases = KubeadmRelease.all();

  @Override
  public void discover(FileTree files, Sink sink) {
    String domain =
        mapping(files, REGISTRY, "", sink).map(doc -> doc.values().text("domain")).orElse("");
    Target target = new Target(domain.isEmpty() ? DEFAULT_DOMAIN : domain, sink);
    discoverKubeadm(files, target);
    for (ManifestFile file : ManifestFile.below(files, ETC)) {
      if (CONFIGURATIONS.contains(file.extension())) {
        file.read(text -> discoverPause(file.path(), text, target));
      }
    }
  }

  /**
   * Where to report.
   *
   * @param domain the name of the cluster's own registry
   * @param sink what takes it
   */
  private record Target(String domain, Sink sink) {
    void report(String text, ImageOrigin origin) {
      ImageText image = ImageText.of(text);
      if (image.reference() == null) {
        sink.unresolved(image.text(), origin, image.problem());
      } else if (isOwn(image.reference().registry())) {
        sink.suspected(
            image.text(),
            origin,
            "the nodes pull it from the registry of the cluster, so it must be in the image");
      } else {
        sink.found(image.reference(), origin);
      }
    }

    private boolean isOwn(String registry) {
      String host = registry.replaceFirst(":[0-9]+$", "");
      return host.equals(domain) || host.equals("localhost") || host.startsWith("127.");
    }
  }

  /**
   * A mapping in a file.
   *
   * @param values what it holds
   * @param number which document of the file it is
   */
  private record Document(Node.Mapping values, int number) {}

  private void discoverKubeadm(FileTree files, Target target) {
    Optional<Document> config = mapping(files, KUBEADM, "ClusterConfiguration", target.sink());
    Optional<Document> metadata = mapping(files, METADATA, "", target.sink());
    String version = config.map(doc -> doc.values().text("kubernetesVersion")).orElse("");
    RootfsPath file = version.isEmpty() ? METADATA : KUBEADM;
    Optional<Document> source = version.isEmpty() ? metadata : config;
    String key = version.isEmpty() ? "version" : "kubernetesVersion";
    if (version.isEmpty()) {
      version = metadata.map(doc -> doc.values().text("version")).orElse("");
    }
    Optional<Version> number = Version.of(version);
    if (number.isEmpty() || source.isEmpty()) {
      if (config.isPresent()) {
        target
            .sink()
            .notice(
                KUBEADM
                    + ": the images of the nodes are not known, because neither kubernetesVersion"
                    + " nor the version in Metadata says which Kubernetes it is");
      }
      return;
    }
    int line =
        source.get().values().values().get(key) instanceof Node.Scalar value ? value.line() : 0;
    String object = file.equals(KUBEADM) ? "ClusterConfiguration" : "";
    ImageOrigin origin =
        new ImageOrigin(file, source.get().number(), object, key, line, RuleNames.NODE);
    String tag = (version.startsWith("v") ? version : "v" + version).replace('+', '_');
    Node.Mapping settings = config.isPresent() ? config.get().values() : EMPTY;
    new KubeadmImages(
            settings, number.get(), tag, KubeadmRelease.of(number.get(), releases).orElse(null))
        .report(origin, target);
  }

  /**
   * What kubeadm makes of a configuration, as {@code kubeadm config images list} prints it.
   *
   * @param settings the ClusterConfiguration
   * @param version the version of Kubernetes
   * @param tag the tag of its images
   * @param release the images beside them; null if not known
   */
  private record KubeadmImages(
      Node.Mapping settings, Version version, String tag, @Nullable KubeadmRelease release) {
    void report(ImageOrigin origin, Target target) {
      String named = settings.text("imageRepository");
      String repository = named.isEmpty() ? DEFAULT_REPOSITORY : named;
      for (String component : COMPONENTS) {
        target.report(repository + "/" + component + ":" + tag, origin);
      }
      boolean externalEtcd = section("etcd").values().get("external") instanceof Node.Mapping;
      add("pause", repository, EMPTY, release == null ? "" : release.pause(), origin, target);
      if (!externalEtcd) {
        Node.Mapping local =
            section("etcd").values().get("local") instanceof Node.Mapping etcd ? etcd : EMPTY;
        add("etcd", repository, local, release == null ? "" : release.etcd(), origin, target);
      }
      boolean renamed =
          version.minor() >= 21
              && repository.equals(version.defaultRepository())
              && section("dns").text("imageRepository").isEmpty();
      add(
          renamed ? "coredns/coredns" : "coredns",
          repository,
          section("dns"),
          release == null ? "" : release.coredns(),
          origin,
          target);
    }

    private Node.Mapping section(String key) {
      return settings.values().get(key) instanceof Node.Mapping section ? section : EMPTY;
    }

    private void add(
        String name,
        String repository,
        Node.Mapping own,
        String known,
        ImageOrigin origin,
        Target target) {
      String from =
          own.text("imageRepository").isEmpty() ? repository : own.text("imageRepository");
      String tag = own.values().get("imageTag") instanceof Node.Scalar value ? value.text() : known;
      if (tag.isEmpty()) {
        target
            .sink()
            .suspected(
                from + "/" + name,
                origin,
                "which version of it kubeadm "
                    + this.tag
                    + " uses is not known here; put it into manifests/imageList");
      } else {
        target.report(from + "/" + name + ":" + tag, origin);
      }
    }
  }

  private static boolean discoverPause(RootfsPath file, Reader text, Target target)
      throws IOException {
    LineReader lines = new LineReader(text);
    for (String line = lines.next(); line != null; line = lines.next()) {
      Matcher pause = PAUSE.matcher(line);
      if (!line.stripLeading().startsWith("#") && line.length() < 10_000 && pause.find()) {
        ImageOrigin origin = new ImageOrigin(file, 0, "", "", lines.number(), RuleNames.NODE);
        target.report(pause.group(1), origin);
      }
    }
    return true;
  }

  /** The first mapping of a kind in a file; of any kind if that is empty. */
  private static Optional<Document> mapping(
      FileTree files, RootfsPath path, String kind, Sink sink) {
    Optional<ManifestFile> file = ManifestFile.at(files, path);
    return file.flatMap(f -> f.read(text -> first(text, kind, path, sink)));
  }

  private static Optional<Document> first(Reader text, String kind, RootfsPath path, Sink sink)
      throws IOException {
    DocumentSplitter splitter = new DocumentSplitter(text);
    YamlReader yaml = new YamlReader();
    List<Node> documents = new ArrayList<>();
    for (DocumentSplitter.Piece piece = splitter.next(); piece != null; piece = splitter.next()) {
      try {
        documents.addAll(yaml.read(piece.text(), piece.firstLine()));
      } catch (UnreadableException e) {
        sink.notice(path + ": cannot be read to find the images of the nodes: " + e.getMessage());
      }
    }
    for (int i = 0; i < documents.size(); i++) {
      if (documents.get(i) instanceof Node.Mapping mapping
          && (kind.isEmpty() || mapping.text("kind").equals(kind))) {
        return Optional.of(new Document(mapping, i + 1));
      }
    }
    return Optional.empty();
  }
}
