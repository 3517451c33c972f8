package cloud.sealer.kubernetes.flow;

import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.host.DirectoryHosts;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RunnerProvider;
import com.google.common.util.concurrent.Uninterruptibles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * An image, hosts that are directories, and a workflow of two steps and the final one on the
 * cluster.
 */
final class TestCluster implements AutoCloseable {
  static final String NAME = "test";

  final Path directory;
  final DirectoryHosts hosts;
  final Sealer sealer;
  private final LayerStore store;

  /** What happens after the file of a step is written, by {@code HOST STEP}. */
  final Map<String, Consumer<StepContext>> more = new ConcurrentHashMap<>();

  volatile String text = "first";

  TestCluster(Path directory) {
    this.directory = directory;
    this.hosts = new DirectoryHosts(directory.resolve("hosts"));
    Path images = directory.resolve("store");
    this.sealer = Sealer.builder().store(images).build();
    this.store = new OciLayerStore(images);
    if (!Files.exists(images.resolve("index.json"))) {
      build("test:v1", "a: 1\n");
    }
  }

  /** Builds an image of one file. */
  void build(String name, String settings) {
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .name(name)
                .kubefile(Kubefile.parse("FROM scratch\nCOPY etc etc\n"))
                .context(BuildContext.inMemory().file("etc/settings", settings).build())
                .build());
  }

  static ClusterSpec spec(int hosts) {
    return ClusterSpec.builder(NAME)
        .image("test:v1")
        .controlPlanes("10.0.0.1")
        .workers(hosts == 2 ? "10.0.0.2" : "10.0.0.2-10.0.0." + hosts)
        .build();
  }

  static HostAddress host(int number) {
    return HostAddress.parse("10.0.0." + number);
  }

  Runner runner() {
    return runner("clusters");
  }

  /** A runner with its own directory of records, as on another machine. */
  Runner runner(String records) {
    return new DefaultRunner(
        new RunnerProvider.Settings(
            sealer.images(),
            store,
            directory.resolve(records),
            List.of(hosts),
            List.of(),
            List.of(),
            List.of(),
            RegistryOptions.DEFAULT,
            new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
            Clock.systemUTC()),
        this::stages,
        hosts::data);
  }

  private List<Stage> stages(Situation situation) {
    List<Stage> stages = new ArrayList<>();
    for (String name : List.of("prepare", "join")) {
      stages.add(
          new Stage(
              name, situation.hosts().stream().<Step>map(view -> step(view, name, text)).toList()));
    }
    situation.hosts().stream()
        .limit(1)
        .forEach(view -> stages.add(new Stage("commands", List.of(step(view, "commands", "")))));
    stages.add(
        new Stage(
            "undo",
            situation.leaving().stream().<Step>map(view -> new UndoAll(view.host())).toList()));
    return stages;
  }

  private Step step(HostView view, String name, String input) {
    return new FileStep(
        name,
        view.host(),
        hosts.directory(view.address()) + "/etc/" + name,
        input,
        context -> more.getOrDefault(view.address() + " " + name, nothing -> {}).accept(context));
  }

  Path file(int host, String name) {
    return hosts.directory(host(host)).resolve("etc").resolve(name);
  }

  /** Path, modification time and content of everything on the hosts. */
  Map<String, String> tree() {
    Map<String, String> tree = new TreeMap<>();
    if (!Files.exists(directory.resolve("hosts"))) {
      return tree;
    }
    try (Stream<Path> all = Files.walk(directory.resolve("hosts"))) {
      for (Path path : (Iterable<Path>) all::iterator) {
        tree.put(
            path.toString(),
            Files.getLastModifiedTime(path)
                + (Files.isRegularFile(path) ? Files.readString(path) : ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return tree;
  }

  /** Those of ours that go on working; one that is about to end is waited for. */
  static List<Thread> threads() {
    List<Thread> ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("sealer-"))
            .toList();
    ours.forEach(thread -> Uninterruptibles.joinUninterruptibly(thread, Duration.ofSeconds(2)));
    return ours.stream().filter(Thread::isAlive).toList();
  }

  @Override
  public void close() {
    store.close();
    sealer.close();
  }
}
