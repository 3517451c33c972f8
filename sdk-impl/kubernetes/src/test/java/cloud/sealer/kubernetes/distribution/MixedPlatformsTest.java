package cloud.sealer.kubernetes.distribution;

import static org.assertj.core.api.Assertions.assertThat;

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
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFacts;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image for several platforms on hosts of several platforms. */
class MixedPlatformsTest {
  private static final Host REGISTRY = Host.at(HostAddress.parse("10.0.0.1"));
  private static final Host OTHER = Host.at(HostAddress.parse("10.0.0.2"));

  @TempDir Path directory;

  private static PlatformImage of(LayerStore store, Platform platform) {
    PlatformImage image =
        new TestImage(store)
            .gzip("bin/", "", "bin/tool", "for " + platform)
            .blob("a layer for " + platform)
            .blob("a layer for both")
            .registry("registry/", "", "registry/link", "the index of both")
            .build()
            .platforms()
            .get(0);
    return new PlatformImage(
        platform, image.manifest(), image.config(), image.layers(), image.metadata());
  }

  private static HostFacts facts(HostFacts facts, Platform platform) {
    return new HostFacts(
        facts.hostname(),
        facts.machineId(),
        platform,
        facts.distribution(),
        facts.distributionVersion(),
        facts.kernel(),
        facts.processors(),
        facts.memory(),
        facts.swap(),
        facts.clockOffset(),
        facts.addresses(),
        facts.fileSystems(),
        facts.runtimes(),
        facts.kubernetes(),
        facts.listening());
  }

  @Test
  void eachHostGetsItsPlatformAndTheRegistryServesAll() throws IOException {
    try (LayerStore store = new OciLayerStore(directory.resolve("store"));
        TaskTree tasks = new TaskTree(event -> {}, Clock.systemUTC());
        Task task = tasks.start(Event.TaskKind.STEP, "test", -1)) {
      ClusterImage one = new TestImage(store).build();
      ClusterImage image =
          new ClusterImage(
              one.reference(),
              one.descriptor(),
              1,
              List.of(of(store, Platform.LINUX_AMD64), of(store, Platform.LINUX_ARM64)));
      DirectoryHosts hosts = new DirectoryHosts(directory.resolve("hosts"));
      Set<Platform> both = Set.of(Platform.LINUX_AMD64, Platform.LINUX_ARM64);
      try (RootfsImage opened = RootfsImage.open(store, image, Set.of())) {
        Path registry = distribute(opened, hosts, REGISTRY, Platform.LINUX_AMD64, both, task);
        Path other = distribute(opened, hosts, OTHER, Platform.LINUX_ARM64, Set.of(), task);
        assertThat(registry.resolve("bin/tool")).hasContent("for linux/amd64");
        assertThat(other.resolve("bin/tool")).hasContent("for linux/arm64");
        assertThat(blobs(registry))
            .containsExactlyInAnyOrder(
                "a layer for linux/amd64", "a layer for linux/arm64", "a layer for both");
        assertThat(registry.resolve("registry/link")).hasContent("the index of both");
        assertThat(other.resolve("registry")).doesNotExist();
      }
    }
  }

  private static Path distribute(
      RootfsImage image,
      DirectoryHosts hosts,
      Host host,
      Platform platform,
      Set<Platform> served,
      Task task) {
    HostPaths paths = new HostPaths(hosts.data(host.address()), "test");
    try (HostSession session = hosts.connect(host, task)) {
      HostView view =
          new HostView(
              host,
              facts(session.facts(), platform),
              paths,
              HostRecord.EMPTY,
              Set.of(),
              Set.of("gzip"));
      Distribute step =
          Distribute.of(
              view,
              new Distribute.Part(image, Map.of()),
              List.of(),
              served,
              new Distribute.Way(
                  new Distributors(
                      List.of(),
                      new HttpRegistryClient(
                          RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
                      RegistryOptions.DEFAULT),
                  Optional.empty()));
      step.run(
          new StepContext(
              view,
              session,
              address -> session,
              new Journal(session, paths, step.name()),
              false,
              new SharedValues(),
              RunOptions.DEFAULT,
              task));
    }
    return Path.of(paths.rootfs());
  }

  private static List<String> blobs(Path rootfs) throws IOException {
    try (Stream<Path> all = Files.walk(rootfs.resolve("registry"))) {
      List<Path> files = all.filter(path -> path.endsWith("data")).toList();
      return files.stream().map(MixedPlatformsTest::text).toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
