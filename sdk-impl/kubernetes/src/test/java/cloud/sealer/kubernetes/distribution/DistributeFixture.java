package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.host.DirectoryHosts;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.HostRecord;
import cloud.sealer.kubernetes.record.Journal;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.SharedValues;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host and a store for tests of distribution. */
abstract class DistributeFixture {
  static final Host HOST = Host.at(HostAddress.parse("10.0.0.1"));

  @TempDir Path directory;
  final List<Event> events = new ArrayList<>();
  final Set<Digest> present = new HashSet<>();
  Set<String> programs = Set.of("gzip", "zstd");
  HostRecord record = HostRecord.EMPTY;
  final Distributors distributors =
      new Distributors(
          List.of(),
          new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
          RegistryOptions.DEFAULT);
  RunOptions options = RunOptions.DEFAULT;
  DirectoryHosts hosts;
  FaultyStore store;
  TaskTree tasks;
  Task task;
  HostSession session;
  HostPaths paths;

  @BeforeEach
  void open() {
    hosts = new DirectoryHosts(directory.resolve("hosts"));
    store = new FaultyStore(new OciLayerStore(directory.resolve("store")));
    tasks = new TaskTree(events::add, Clock.systemUTC());
    task = tasks.start(Event.TaskKind.STEP, "test", -1);
    session = hosts.connect(HOST, task);
    paths = new HostPaths(hosts.data(HOST.address()), "test");
  }

  @AfterEach
  void close() {
    session.close();
    task.close();
    tasks.close();
    store.close();
  }

  HostView view() {
    return new HostView(HOST, session.facts(), paths, record, present, programs);
  }

  RootfsImage image(TestImage image) {
    return RootfsImage.open(store, image.build(), Set.of());
  }

  Distribute distribute(TestImage test, boolean registry, Map<String, String> files) {
    Map<RootfsPath, String> own = new TreeMap<>();
    files.forEach((path, text) -> own.put(RootfsPath.of(path), text));
    Distribute step;
    try (RootfsImage image = image(test)) {
      step =
          Distribute.of(
              view(),
              new Distribute.Part(image, own),
              List.of(),
              registry ? Distribute.platforms(List.of(view())) : Set.of(),
              way());
      run(step);
    }
    return step;
  }

  StepContext context(Distribute step) {
    return new StepContext(
        view(),
        session,
        address -> session,
        new Journal(session, paths, step.name()),
        false,
        new SharedValues(),
        options,
        task);
  }

  void run(Distribute step) {
    step.run(context(step));
    record = step.after(record);
    present.addAll(record.layers());
  }

  Path rootfs() {
    return Path.of(paths.rootfs());
  }

  static Map<String, String> tree(Path root) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String name = root.relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          tree.put(name, "-> " + Files.readSymbolicLink(path));
        } else if (Files.isRegularFile(path)) {
          tree.put(name, Files.readString(path));
        }
      }
    }
    return tree;
  }

  TestImage test() {
    return new TestImage(store);
  }

  Distribute.Way way() {
    return new Distribute.Way(distributors, Optional.empty());
  }
}
