package cloud.sealer.core.build;

import cloud.sealer.core.discovery.ImageListWithAuth;
import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.kubefile.Substitution;
import cloud.sealer.core.kubefile.Variables;
import cloud.sealer.core.layer.LayerFiles;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Instruction;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Executes the instructions of one Kubefile in order: for each, the cache is asked, then the work
 * is done, then the layer is recorded. Not thread-safe.
 */
final class Instructions implements AutoCloseable, Instruction.Visitor<Void> {
  private static final Pattern URL_CREDENTIALS = Pattern.compile("://[^/@\\s\"]+@");
  private static final int FORMAT = 1;
  private static final RootfsPath CHARTS = RootfsPath.of("charts");
  private static final RootfsPath MANIFESTS = RootfsPath.of("manifests");
  private static final RootfsPath ETC = RootfsPath.of("etc");

  private final BuildTools tools;
  private final BuildRequest request;
  private final LayerStore.Session session;
  private final Task task;
  private final BuildCache cache;
  private final Base base;
  private final Chain chain;
  private final CopyStep copy;
  private final RunStep run;
  private final ImageListWithAuth imageListWithAuth;
  private final List<LayerFiles.Layer> layers = new ArrayList<>();
  private final List<String> commands = new ArrayList<>();
  private final List<Command> ready = new ArrayList<>();
  private final boolean live;
  private final Map<String, String> commandArgs = new TreeMap<>();
  private Variables variables;
  private @Nullable FileTree files;
  private int executed;
  private int cached;

  /**
   * A command to start with the cluster.
   *
   * @param text its text with variables replaced
   * @param title its text as written, which messages show
   */
  private record Command(String text, String title) {}

  /**
   * Finds the base.
   *
   * @param platform the platform to build for; null for that of the base
   * @param sources where {@code COPY} takes files from, for all platforms
   * @param cluster the running cluster that commands see, if there is one
   */
  Instructions(
      BuildTools tools,
      BuildRequest request,
      @Nullable Platform platform,
      CopySources sources,
      LayerStore.Session session,
      Task task,
      Optional<LiveCluster> cluster) {
    this(tools, request, platform, sources, session, task, cluster, true);
  }

  private Instructions(
      BuildTools tools,
      BuildRequest request,
      @Nullable Platform platform,
      CopySources sources,
      LayerStore.Session session,
      Task task,
      Optional<LiveCluster> cluster,
      boolean needsBase) {
    this.tools = tools;
    this.request = request;
    this.session = session;
    this.task = task;
    Variables.undeclared(request.kubefile(), request.args().keySet())
        .forEach(warning -> task.notice(warning.toString()));
    cache = new BuildCache(tools.store(), session, request.cache());
    Platform assumed = platform == null ? Platform.LINUX_AMD64 : platform;
    base =
        needsBase
            ? new RequestedBase(request, platform).find(tools, session, task)
            : Base.scratch(assumed);
    variables = Variables.of(TargetArgs.with(request.args(), base.platform()));
    chain = new Chain(base.layers(), base.diffIds(), base.history(), baseKey());
    copy = new CopyStep(request, session, cache, sources);
    imageListWithAuth = ImageListWithAuth.read(sources.imageListWithAuth());
    boolean unknown = platform == null && base.reference().isEmpty();
    live = cluster.isPresent();
    run =
        new RunStep(
            tools,
            request,
            unknown ? null : base.platform(),
            session,
            cluster.map(LiveCluster::environment).orElse(Map.of()));
  }

  /** For discovery: the base is needed only if a command runs on it. */
  static Instructions forDiscovery(
      BuildTools tools,
      BuildRequest request,
      @Nullable Platform platform,
      CopySources sources,
      LayerStore.Session session,
      Task task) {
    boolean runs =
        request.kubefile().instructions().stream().anyMatch(Instruction.Run.class::isInstance);
    return new Instructions(
        tools, request, platform, sources, session, task, Optional.empty(), runs);
  }

  private Digest baseKey() {
    return new Fingerprint()
        .add("format", FORMAT)
        .add("base", base.digest().map(Digest::toString).orElse("scratch"))
        .add("platform", base.platform())
        .add("compression", request.compression())
        .add("epoch", request.sourceDateEpoch())
        .digest();
  }

  Base base() {
    return base;
  }

  /** Executes all instructions; returns the layers they made. */
  Chain execute() {
    for (Instruction instruction : request.kubefile().instructions()) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("the build");
      }
      variables = variables.after(instruction);
      instruction.accept(this);
    }
    return chain;
  }

  @Override
  public Void from(Instruction.From from) {
    return null;
  }

  @Override
  public Void arg(Instruction.Arg arg) {
    return null;
  }

  @Override
  public Void cmd(Instruction.Cmd cmd) {
    commands.add(cmd.command());
    Substitution command = variables.substitute(cmd.command(), cmd);
    ready.add(new Command(command.text(), cmd.text()));
    command
        .used()
        .forEach(name -> variables.value(name).ifPresent(value -> commandArgs.put(name, value)));
    chain.add(
        cmd.text(),
        new Fingerprint().add("chain", chain.key()).add("cmd", cmd.text()).digest(),
        List.of());
    return null;
  }

  @Override
  public Void copy(Instruction.Copy instruction) {
    // Whoever gets the image can read its history.
    String text = URL_CREDENTIALS.matcher(instruction.text()).replaceAll("://***@");
    try (Task step = task.start(Event.TaskKind.INSTRUCTION, text, -1)) {
      CopyStep.Outcome outcome = copy.execute(instruction, variables, chain.key(), step);
      count(outcome.cached(), step, outcome.layers());
      chain.add(text, outcome.key(), outcome.layers());
      List<FileTree.Entry> entries = outcome.entries();
      if (entries == null) {
        stored(outcome.layers());
      } else {
        layers.add(new LayerFiles.Entries(entries));
      }
    }
    return null;
  }

  @Override
  public Void run(Instruction.Run instruction) {
    try (Task step = task.start(Event.TaskKind.INSTRUCTION, instruction.text(), -1)) {
      Substitution command = variables.substitute(instruction.command(), instruction);
      Digest key =
          new Fingerprint()
              .add("chain", chain.key())
              .add("run", command.text())
              .add("args", command.used())
              .digest();
      // What a command finds in a cluster is in no key.
      Optional<List<WrittenLayer>> known = live ? Optional.empty() : cache.find(key, step);
      List<WrittenLayer> made =
          known.isPresent()
              ? known.get()
              : run.execute(command.text(), instruction.command(), chain.all(), step);
      if (known.isEmpty() && !live) {
        cache.remember(key, made);
      }
      count(known.isPresent(), step, made);
      chain.add(instruction.text(), key, made);
      stored(made);
    }
    return null;
  }

  /**
   * Executes the commands that the image will start with its cluster, as that will be: after all
   * other instructions, in order, each on what those before it left. What they change is no part of
   * the image.
   */
  void executeCommands() {
    List<WrittenLayer> all = new ArrayList<>(chain.all());
    for (Command command : ready) {
      try (Task step = task.start(Event.TaskKind.INSTRUCTION, command.title(), -1)) {
        all.addAll(run.execute(command.text(), command.title(), all, step));
        executed++;
        step.done("");
      }
    }
  }

  /** The rootfs as files, as far as commands needed it. */
  Optional<Path> rootfs() {
    return run.rootfs();
  }

  private void stored(List<WrittenLayer> made) {
    made.forEach(layer -> layers.add(new LayerFiles.Stored(layer.descriptor())));
  }

  private void count(boolean fromCache, Task step, List<WrittenLayer> made) {
    String detail = made.isEmpty() ? "" : made.get(0).descriptor().digest().toString();
    if (fromCache) {
      cached++;
      step.cached(detail);
    } else {
      executed++;
      step.done(detail);
    }
  }

  /**
   * What discovery and the metadata look at in the new layers, later over earlier. Read once, and
   * from the sources of a {@code COPY} where they are at hand: unpacking its layer again would cost
   * as much as writing it.
   */
  FileTree files() {
    FileTree tree = files;
    if (tree == null) {
      tree = LayerFiles.open(tools.store(), layers, Instructions::isWanted, session.scratch());
      files = tree;
    }
    return tree;
  }

  /** Files of the new layers and those of the base; the caller closes them. */
  FileTree all(Predicate<RootfsPath> wanted) {
    List<LayerFiles.Layer> all = new ArrayList<>();
    base.layers().stream()
        .filter(layer -> !layer.annotations().containsKey(Annotations.BLOB))
        .forEach(layer -> all.add(new LayerFiles.Stored(layer)));
    all.addAll(layers);
    return LayerFiles.open(tools.store(), all, wanted, session.scratch());
  }

  private static boolean isWanted(RootfsPath path) {
    return RootfsFiles.isWanted(path)
        || path.startsWith(CHARTS)
        || path.startsWith(MANIFESTS)
        || path.startsWith(ETC);
  }

  /** The container images of the context that need passwords; read before anything is done. */
  ImageListWithAuth imageListWithAuth() {
    return imageListWithAuth;
  }

  /** The commands to start with the cluster, as written. */
  List<String> commands() {
    return commands;
  }

  /** The values of the arguments that commands use, and the defaults of the others. */
  Map<String, String> args() {
    Map<String, String> args = new TreeMap<>(variables.declaredDefaults());
    args.putAll(commandArgs);
    return args;
  }

  int executed() {
    return executed;
  }

  int cached() {
    return cached;
  }

  @Override
  public void close() {
    FileTree tree = files;
    if (tree != null) {
      tree.close();
    }
  }
}
