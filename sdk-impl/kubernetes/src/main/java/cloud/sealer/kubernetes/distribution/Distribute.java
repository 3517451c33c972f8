package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.step.Verdict;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.Task;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Makes the rootfs of a host: its layers, and on top the files that are this host's own. */
public final class Distribute implements Step {
  /** The name of this step. */
  public static final String NAME = "rootfs";

  private static final int STREAMS = 3;
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String SCRIPTS = "scripts/";

  private final HostView view;
  private final RootfsImage image;
  private final boolean registry;
  private final Map<RootfsPath, String> files;
  private final PlatformImage content;
  private final List<Descriptor> layers = new ArrayList<>();
  private final Map<Digest, Digest> diffIdOf = new LinkedHashMap<>();
  private final List<Digest> base;
  private final Distributors distributors;
  private final Optional<Distribution> way;

  /**
   * The rootfs of an image.
   *
   * @param view the host as it is
   * @param image the image
   * @param served the platforms whose container images the registry of the host serves; none if it
   *     has no registry
   * @param files texts that replace files of the image or are new, such as rendered templates
   * @param distributors the ways for layers to hosts
   * @param way which of them, if the caller of the run does not say
   */
  public Distribute(
      HostView view,
      RootfsImage image,
      Set<Platform> served,
      Map<RootfsPath, String> files,
      Distributors distributors,
      Optional<Distribution> way) {
    this(view, image, served, files, distributors, way, List.of());
  }

  private Distribute(
      HostView view,
      RootfsImage image,
      Set<Platform> served,
      Map<RootfsPath, String> files,
      Distributors distributors,
      Optional<Distribution> way,
      List<Digest> base) {
    this.view = view;
    this.image = image;
    this.registry = !served.isEmpty();
    this.files = new TreeMap<>(files);
    this.distributors = distributors;
    this.way = way;
    this.base = base;
    this.content = image.platform(view.facts().platform());
    addLayers(view.facts().platform(), layer -> registry || !RootfsImage.ofRegistry(layer));
    for (Platform other : served) {
      addLayers(other, RootfsImage::ofRegistry);
    }
  }

  private void addLayers(Platform platform, Predicate<Descriptor> wanted) {
    List<Descriptor> all = image.platform(platform).layers();
    List<Digest> diffIds = image.diffIds(platform);
    for (int i = 0; i < all.size(); i++) {
      Descriptor layer = all.get(i);
      Digest diffId = i < diffIds.size() ? diffIds.get(i) : layer.digest();
      if (wanted.test(layer) && diffIdOf.putIfAbsent(layer.digest(), diffId) == null) {
        layers.add(layer);
      }
    }
  }

  /** The platforms of hosts. */
  public static Set<Platform> platforms(Collection<HostView> hosts) {
    return hosts.stream()
        .map(host -> host.facts().platform())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The rootfs of an application on top of the one that is there.
   *
   * @param view the host as it is, with a rootfs
   * @param image the image of the application
   * @param served the platforms whose container images the registry of the host serves; none if it
   *     has no registry
   * @param files texts that replace files of the image or are new
   * @param distributors the ways for layers to hosts
   * @param way which of them, if the caller of the run does not say
   */
  public static Distribute onTop(
      HostView view,
      RootfsImage image,
      Set<Platform> served,
      Map<RootfsPath, String> files,
      Distributors distributors,
      Optional<Distribution> way) {
    return new Distribute(view, image, served, files, distributors, way, view.record().layers());
  }

  static String name(Digest layer) {
    return layer.algorithm() + "-" + layer.hex();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Host host() {
    return view.host();
  }

  /** Every layer of the rootfs, lowest first, with the host's own files as the last. */
  private List<Digest> all() {
    Set<Digest> all = new LinkedHashSet<>(base);
    layers.forEach(layer -> all.add(layer.digest()));
    if (!files.isEmpty()) {
      Digest own = ownFiles();
      all.remove(own);
      all.add(own);
    }
    return List.copyOf(all);
  }

  /** What the host's own files are kept under: not the digest of a blob, but as good. */
  private Digest ownFiles() {
    StringBuilder text = new StringBuilder("files of a host\n");
    files.forEach((path, content) -> text.append(path).append('\0').append(content).append('\0'));
    return new Digest("sha256", Fingerprint.of(text.toString()));
  }

  @Override
  public String fingerprint() {
    return registry
        + all().stream().map(Digest::toString).collect(Collectors.joining("\n", "\n", ""));
  }

  @Override
  public String probe() {
    return "test -d "
        + view.paths().rootfs()
        + " && test ! -e "
        + view.paths().root()
        + "/rootfs.old";
  }

  @Override
  public Verdict check(HostView host, boolean probed) {
    Verdict verdict = Step.super.check(host, probed);
    List<Descriptor> missing = missing(host.layers());
    if (!verdict.needed() || missing.isEmpty()) {
      return verdict;
    }
    return Verdict.needed(
        "%d of %d layers (%s) are not on the host"
            .formatted(missing.size(), layers.size(), Size.text(size(missing))));
  }

  private List<Descriptor> missing(Set<Digest> present) {
    return layers.stream().filter(layer -> !present.contains(layer.digest())).distinct().toList();
  }

  private static long size(Collection<Descriptor> layers) {
    return layers.stream().mapToLong(Descriptor::size).sum();
  }

  @Override
  public void run(StepContext context) {
    List<Descriptor> missing = missing(context.view().layers());
    try (Task task =
        context
            .task()
            .start(Event.TaskKind.DISTRIBUTION, view.address().toString(), size(missing))) {
      LayerSender sender =
          new LayerSender(
              image,
              context,
              task,
              distributors.choose(context.options().distribution().or(() -> way)));
      new Transfers(STREAMS)
          .each(
              "sending layers to " + view.address(),
              missing,
              layer -> sender.send(layer, diffIdOf.getOrDefault(layer.digest(), layer.digest())));
      sendFiles(context, task);
      compose(context, all(), view.record().layers());
      if (missing.isEmpty()) {
        task.cached("all layers are there");
      } else {
        task.done(missing.size() + " of " + layers.size() + " layers");
      }
    }
  }

  private void sendFiles(StepContext context, Task task) {
    if (files.isEmpty() || context.view().layers().contains(ownFiles())) {
      return;
    }
    String directory = context.paths().layers() + "/" + name(ownFiles());
    context.exec(
        HostCommand.builder("rm -rf \"$DIR\" \"$DIR.new\"")
            .title("make room for files")
            .environment("DIR", directory)
            .build());
    context.session().upload(directory + ".new", new OwnFiles(entries()), task);
    context.exec(
        HostCommand.builder("mv \"$DIR.new\" \"$DIR\"")
            .title("keep files")
            .environment("DIR", directory)
            .build());
  }

  private List<FileTree.Entry> entries() {
    Map<RootfsPath, FileTree.Entry> entries = new TreeMap<>();
    files.forEach(
        (path, text) -> {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int mode = path.value().startsWith(SCRIPTS) ? 0755 : 0644;
          entries.put(
              path,
              FileTree.Entry.file(path, mode, bytes.length, () -> new ByteArrayInputStream(bytes)));
          for (RootfsPath up = path.parent(); !up.isRoot(); up = up.parent()) {
            entries.putIfAbsent(up, FileTree.Entry.directory(up, 0755));
          }
        });
    return List.copyOf(entries.values());
  }

  private record OwnFiles(List<FileTree.Entry> entries) implements FileTree {}

  /** Makes the rootfs of layers that are on the host; keeps others that may be wanted again. */
  private void compose(StepContext context, List<Digest> wanted, List<Digest> kept) {
    byte[] names =
        wanted.stream()
            .map(layer -> name(layer) + "\n")
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8);
    context.exec(
        HostCommand.builder(Script.COMPOSE)
            .title("make " + context.paths().rootfs())
            .environment("ROOT", context.paths().root())
            .environment("LAYERS", context.paths().layers())
            .environment("REGISTRY", registry ? "1" : "0")
            .environment(
                "KEEP",
                kept.stream().map(Distribute::name).collect(Collectors.joining(" ", " ", " ")))
            .stdin(() -> new ByteArrayInputStream(names))
            .timeout(LIMIT)
            .build());
  }

  @Override
  public HostRecord after(HostRecord record) {
    return record.withRootfs(content.manifest().digest(), all());
  }

  /** Back to the rootfs of before, whose layers are still on the host. */
  @Override
  public void undo(StepContext context) {
    List<Digest> before = view.record().layers();
    if (before.isEmpty()) {
      context.exec(
          HostCommand.builder("rm -rf \"$ROOT/rootfs\" \"$ROOT/layers\"")
              .title("remove the rootfs")
              .environment("ROOT", context.paths().root())
              .build());
    } else {
      compose(context, before, List.of());
    }
  }
}
