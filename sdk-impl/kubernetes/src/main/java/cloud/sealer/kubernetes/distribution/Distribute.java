package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.record.Fingerprint;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.step.Verdict;
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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the rootfs of a host: the layers of its image, on top the files that are this host's own,
 * and above them applications, each again with files of its own.
 */
public final class Distribute implements Step {
  /** The name of this step. */
  public static final String NAME = "rootfs";

  private static final int STREAMS = 3;
  private static final Duration LIMIT = Duration.ofHours(1);
  private static final String SCRIPTS = "scripts/";

  /**
   * An image as a host gets it.
   *
   * @param image the image
   * @param files texts that replace files of the image or are new, such as rendered templates
   */
  public record Part(RootfsImage image, Map<RootfsPath, String> files) {
    /** Copies the files. */
    public Part {
      files = Collections.unmodifiableMap(new TreeMap<>(files));
    }

    /** What the files are kept under: not the digest of a blob, but as good. */
    Digest ownFiles() {
      StringBuilder text = new StringBuilder("files of a host\n");
      files.forEach((path, content) -> text.append(path).append('\0').append(content).append('\0'));
      return new Digest("sha256", Fingerprint.of(text.toString()));
    }
  }

  /**
   * How layers get to hosts.
   *
   * @param distributors the ways for layers to hosts
   * @param chosen which of them, if the caller of the run does not say
   */
  public record Way(Distributors distributors, Optional<Distribution> chosen) {}

  private record Source(RootfsImage image, Digest diffId) {}

  private final HostView view;
  private final Set<Platform> served;
  private final List<Part> parts;
  private final boolean onTop;
  private final List<Digest> under;
  private final List<Digest> over;
  private final Way way;
  private final Map<Descriptor, Source> layers = new LinkedHashMap<>();

  private Distribute(
      HostView view,
      Set<Platform> served,
      List<Part> parts,
      boolean onTop,
      List<Digest> over,
      Way way) {
    this.view = view;
    this.served = Set.copyOf(served);
    this.parts = List.copyOf(parts);
    this.onTop = onTop;
    this.under = onTop ? view.record().layers() : List.of();
    this.over = List.copyOf(over);
    this.way = way;
    parts.forEach(this::addLayers);
  }

  private void addLayers(Part part) {
    for (Platform platform : platforms()) {
      List<Digest> diffIds = part.image().diffIds(platform);
      List<Descriptor> all = part.image().platform(platform).layers();
      for (int i = 0; i < all.size(); i++) {
        Descriptor layer = all.get(i);
        Digest diffId = i < diffIds.size() ? diffIds.get(i) : layer.digest();
        if (isWanted(layer, platform)) {
          layers.putIfAbsent(layer, new Source(part.image(), diffId));
        }
      }
    }
  }

  /** The host's own, and those whose container images its registry serves. */
  private List<Platform> platforms() {
    Platform own = view.facts().platform();
    return Stream.concat(
            Stream.of(own), served.stream().filter(other -> !other.equals(own)).sorted())
        .toList();
  }

  private boolean isWanted(Descriptor layer, Platform platform) {
    boolean own = platform.equals(view.facts().platform());
    return RootfsImage.ofRegistry(layer) ? !served.isEmpty() : own;
  }

  /** The platforms of hosts. */
  public static Set<Platform> platforms(Collection<HostView> hosts) {
    return hosts.stream()
        .map(host -> host.facts().platform())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * The rootfs of an image. Applications that the host has above it stay.
   *
   * @param view the host as it is
   * @param part the image
   * @param applications the applications of the cluster, which a host without any gets
   * @param served the platforms whose container images the registry of the host serves; none if it
   *     has no registry
   * @param way how layers get to the host
   */
  public static Distribute of(
      HostView view, Part part, List<Part> applications, Set<Platform> served, Way way) {
    List<Digest> there = view.record().applications();
    List<Part> parts = new ArrayList<>(List.of(part));
    if (there.isEmpty()) {
      parts.addAll(applications);
    }
    return new Distribute(view, served, parts, false, there, way);
  }

  /**
   * The rootfs of an application on top of the one that is there.
   *
   * @param view the host as it is, with a rootfs
   * @param part the image of the application
   * @param served the platforms whose container images the registry of the host serves; none if it
   *     has no registry
   * @param way how layers get to the host
   */
  public static Distribute onTop(HostView view, Part part, Set<Platform> served, Way way) {
    return new Distribute(view, served, List.of(part), true, List.of(), way);
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

  /** Every layer of the rootfs, lowest first. */
  private List<Digest> all() {
    Set<Digest> all = new LinkedHashSet<>(under);
    parts.forEach(part -> add(part, all));
    all.addAll(over);
    return List.copyOf(all);
  }

  /** The layers of it that applications brought. */
  private List<Digest> applications() {
    Set<Digest> all = new LinkedHashSet<>(view.record().applications());
    parts.stream().skip(onTop ? 0 : 1).forEach(part -> add(part, all));
    return List.copyOf(all);
  }

  /**
   * The layers of a part, with the host's own files as the last. Of a layer that is there twice the
   * upper one counts: it brings back what one between them removed.
   */
  private void add(Part part, Set<Digest> all) {
    Set<Digest> own = new LinkedHashSet<>();
    for (Platform platform : platforms()) {
      part.image().platform(platform).layers().stream()
          .filter(layer -> isWanted(layer, platform))
          .map(Descriptor::digest)
          .forEach(
              layer -> {
                own.remove(layer);
                own.add(layer);
              });
    }
    all.addAll(own);
    if (!part.files().isEmpty()) {
      Digest ownFiles = part.ownFiles();
      all.remove(ownFiles);
      all.add(ownFiles);
    }
  }

  @Override
  public String fingerprint() {
    return !served.isEmpty()
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
    return layers.keySet().stream().filter(layer -> !present.contains(layer.digest())).toList();
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
      new Transfers(STREAMS)
          .each(
              "sending layers to " + view.address(), missing, layer -> send(layer, context, task));
      parts.forEach(part -> sendFiles(part, context, task));
      compose(context, all(), view.record().layers());
      if (missing.isEmpty()) {
        task.cached("all layers are there");
      } else {
        task.done(missing.size() + " of " + layers.size() + " layers");
      }
    }
  }

  private void send(Descriptor layer, StepContext context, Task task) {
    Source source = Objects.requireNonNull(layers.get(layer));
    new LayerSender(
            source.image(),
            context,
            task,
            way.distributors().choose(context.options().distribution().or(way::chosen)))
        .send(layer, source.diffId());
  }

  private static void sendFiles(Part part, StepContext context, Task task) {
    if (part.files().isEmpty() || context.view().layers().contains(part.ownFiles())) {
      return;
    }
    String directory = context.paths().layers() + "/" + name(part.ownFiles());
    context.exec(
        HostCommand.builder("rm -rf \"$DIR\" \"$DIR.new\"")
            .title("make room for files")
            .environment("DIR", directory)
            .build());
    context.session().upload(directory + ".new", new OwnFiles(entries(part.files())), task);
    context.exec(
        HostCommand.builder("mv \"$DIR.new\" \"$DIR\"")
            .title("keep files")
            .environment("DIR", directory)
            .build());
  }

  private static List<FileTree.Entry> entries(Map<RootfsPath, String> files) {
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
            .environment("REGISTRY", served.isEmpty() ? "0" : "1")
            .environment(
                "KEEP",
                kept.stream().map(Distribute::name).collect(Collectors.joining(" ", " ", " ")))
            .stdin(() -> new ByteArrayInputStream(names))
            .timeout(LIMIT)
            .build());
  }

  @Override
  public HostRecord after(HostRecord record) {
    Digest image =
        onTop
            ? record.image()
            : parts.get(0).image().platform(view.facts().platform()).manifest().digest();
    return record.withRootfs(image, all(), applications());
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
