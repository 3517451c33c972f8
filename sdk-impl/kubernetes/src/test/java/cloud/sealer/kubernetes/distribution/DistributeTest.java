package cloud.sealer.kubernetes.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.sdk.spi.Task;
import cloud.sealer.testkit.EmbeddedRegistry;
import com.google.common.io.ByteStreams;
import java.io.FilterInputStream;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributeTest {
  private static final Host HOST = Host.at(HostAddress.parse("10.0.0.1"));

  @TempDir Path directory;
  private final List<Event> events = new ArrayList<>();
  private final Set<Digest> present = new HashSet<>();
  private Set<String> programs = Set.of("gzip", "zstd");
  private HostRecord record = HostRecord.EMPTY;
  private final Distributors distributors =
      new Distributors(
          List.of(),
          new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
          RegistryOptions.DEFAULT);
  private RunOptions options = RunOptions.DEFAULT;
  private DirectoryHosts hosts;
  private FaultyStore store;
  private TaskTree tasks;
  private Task task;
  private HostSession session;
  private HostPaths paths;

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

  private HostView view() {
    return new HostView(HOST, session.facts(), paths, record, present, programs);
  }

  private RootfsImage image(TestImage image) {
    return RootfsImage.open(store, image.build(), Set.of());
  }

  private Distribute distribute(TestImage test, boolean registry, Map<String, String> files) {
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

  private StepContext context(Distribute step) {
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

  private void run(Distribute step) {
    step.run(context(step));
    record = step.after(record);
    present.addAll(record.layers());
  }

  private Path rootfs() {
    return Path.of(paths.rootfs());
  }

  private static Map<String, String> tree(Path root) throws IOException {
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

  private TestImage test() {
    return new TestImage(store);
  }

  private Distribute.Way way() {
    return new Distribute.Way(distributors, Optional.empty());
  }

  @Test
  void layersOfAllCompressionsBecomeTheRootfs() throws Exception {
    distribute(
        test()
            .gzip(
                "etc/",
                "",
                "etc/a",
                "1",
                "scripts/init.sh",
                "#!/bin/sh\n",
                "gone/x",
                "x",
                "gone/y",
                "y")
            .zstd("etc/a", "2", "link", "-> etc/a")
            .plain("gone/.wh.x", "", "etc/b", "3"),
        false,
        Map.of());

    assertThat(tree(rootfs()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "etc/a", "2",
                "etc/b", "3",
                "gone/y", "y",
                "link", "-> etc/a",
                "scripts/init.sh", "#!/bin/sh\n"));
    assertThat(rootfs().resolve("scripts/init.sh")).isExecutable();
  }

  @Test
  void aHostWithoutZstdGetsThePlainTar() throws Exception {
    programs = Set.of("gzip");
    distribute(test().zstd("etc/a", "1"), false, Map.of());
    assertThat(tree(rootfs())).containsEntry("etc/a", "1");
  }

  @Test
  void deletionsAndOtherKindsReplaceWhatIsBelow() throws Exception {
    distribute(
        test()
            .gzip("a/1", "1", "a/2", "2", "b", "file", "c/d/e", "deep", "l", "-> a")
            .gzip(
                "a/.wh..wh..opq",
                "",
                "a/3",
                "3",
                "b/inside",
                "now a directory",
                "c/d",
                "now a file")
            .gzip("l/own", "not in a"),
        false,
        Map.of());
    assertThat(tree(rootfs()))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "a/3", "3",
                "b/inside", "now a directory",
                "c/d", "now a file",
                "l/own", "not in a"));
  }

  @Test
  void aLayerMayOnlyDelete() throws Exception {
    distribute(test().gzip("a", "1", "b", "2").gzip(".wh.a", ""), false, Map.of());
    assertThat(tree(rootfs())).containsExactlyEntriesOf(Map.of("b", "2"));
  }

  @Test
  void aLayerMayComeBackAfterItsFilesWereDeleted() throws Exception {
    distribute(test().gzip("a", "1").plain(".wh.a", "").gzip("a", "1"), false, Map.of());
    assertThat(tree(rootfs())).containsExactlyEntriesOf(Map.of("a", "1"));
  }

  @Test
  void onlyMissingLayersAreSent() throws Exception {
    TestImage first = test().gzip("etc/a", "1");
    distribute(first, false, Map.of());
    store.opened.clear();
    TestImage second = test().gzip("etc/a", "1").gzip("etc/b", "2");

    Distribute step = distribute(second, false, Map.of());

    assertThat(step.check(view(), true).reason()).doesNotContain("layers");
    assertThat(store.opened).contains(second.layers().get(1).digest());
    assertThat(store.opened).doesNotContain(second.layers().get(0).digest());
    assertThat(tree(rootfs())).containsEntry("etc/a", "1").containsEntry("etc/b", "2");
  }

  @Test
  void thePlanSaysWhatIsMissing() {
    try (RootfsImage image = image(test().plain("etc/a", "1").plain("etc/b", "2"))) {
      Distribute step =
          Distribute.of(view(), new Distribute.Part(image, Map.of()), List.of(), Set.of(), way());
      assertThat(step.check(view(), false).reason())
          .isEqualTo("2 of 2 layers (4.0 KiB) are not on the host");
    }
  }

  @Test
  void filesOfTheRegistryGoToRegistryHostsOnly() throws Exception {
    TestImage image =
        test()
            .gzip("etc/a", "1")
            .blob("one")
            .blob("two")
            .registry("registry/docker/registry/v2/repositories/app/link", "sha256:1");
    distribute(image, false, Map.of());
    assertThat(rootfs().resolve("registry")).doesNotExist();

    distribute(image, true, Map.of());

    assertThat(tree(rootfs()).values()).contains("one", "two", "sha256:1", "1");
  }

  @Test
  void theRegistryKeepsWhatItHasAndItsInode() throws Exception {
    distribute(test().gzip("etc/a", "1").blob("one"), true, Map.of());
    Path registry = rootfs().resolve("registry");
    Object inode = Files.getAttribute(registry, "unix:ino");
    Files.writeString(registry.resolve("pushed"), "later");
    Files.createDirectories(rootfs().resolve("certs"));
    Files.writeString(rootfs().resolve("certs/sea.hub.crt"), "certificate");

    distribute(test().gzip("etc/a", "2").blob("one").blob("two"), true, Map.of());

    assertThat(Files.getAttribute(registry, "unix:ino")).isEqualTo(inode);
    assertThat(tree(rootfs()))
        .containsEntry("registry/pushed", "later")
        .containsEntry("certs/sea.hub.crt", "certificate")
        .containsEntry("etc/a", "2");
    assertThat(tree(rootfs()).values()).contains("one", "two");
  }

  @Test
  void ownFilesComeOnTopAndAloneWhenTheyChange() throws Exception {
    TestImage image = test().gzip("etc/a", "1", "etc/a.tmpl", "{{ .A }}");
    distribute(image, false, Map.of("etc/a", "own", "scripts/more.sh", "#!/bin/sh\n"));
    assertThat(tree(rootfs())).containsEntry("etc/a", "own");
    assertThat(rootfs().resolve("scripts/more.sh")).isExecutable();
    store.opened.clear();

    distribute(image, false, Map.of("etc/a", "other"));

    assertThat(tree(rootfs())).containsEntry("etc/a", "other").doesNotContainKey("scripts/more.sh");
    assertThat(store.opened).hasSize(1); // the configuration
  }

  @Test
  void whatScriptsWriteIntoTheRootfsIsNotInTheNextOne() throws Exception {
    TestImage image = test().gzip("etc/a", "1");
    distribute(image, false, Map.of());
    Files.writeString(rootfs().resolve("etc/a"), "changed in place");
    distribute(image, false, Map.of("etc/b", "2"));
    assertThat(tree(rootfs())).containsEntry("etc/a", "1");
  }

  @Test
  void bigFilesAreThereOnce() throws Exception {
    String big = "x".repeat(3 << 20);
    distribute(test().gzip("bin/big", big, "etc/a", "1"), false, Map.of());
    assertThat(Files.getAttribute(rootfs().resolve("bin/big"), "unix:nlink")).isEqualTo(2);
    distribute(
        test().gzip("bin/big", big, "etc/a", "1").gzip("bin/big", big + "y"), false, Map.of());
    assertThat(Files.size(rootfs().resolve("bin/big"))).isEqualTo(big.length() + 1);
  }

  @Test
  void anApplicationComesOnTopOfWhatIsThere() throws Exception {
    distribute(test().gzip("etc/a", "1"), false, Map.of());
    try (RootfsImage image = image(test().gzip("manifests/app", "2"))) {
      run(Distribute.onTop(view(), new Distribute.Part(image, Map.of()), Set.of(), way()));
    }
    assertThat(tree(rootfs())).containsEntry("etc/a", "1").containsEntry("manifests/app", "2");
  }

  @Test
  void anApplicationStaysAboveWhatIsDistributedLater() throws Exception {
    distribute(test().gzip("etc/a", "1", "etc/b", "1"), false, Map.of());
    try (RootfsImage image = image(test().gzip("etc/b", "of the application"))) {
      run(
          Distribute.onTop(
              view(),
              new Distribute.Part(image, Map.of(RootfsPath.of("etc/c"), "own")),
              Set.of(),
              way()));
    }

    distribute(test().gzip("etc/a", "2", "etc/b", "2"), false, Map.of());

    assertThat(tree(rootfs()))
        .containsEntry("etc/a", "2")
        .containsEntry("etc/b", "of the application")
        .containsEntry("etc/c", "own");
  }

  @Test
  void aNewHostGetsWhatTheOthersHave() throws Exception {
    try (RootfsImage image = image(test().gzip("etc/a", "1", "etc/b", "1"));
        RootfsImage application = image(test().gzip("etc/b", "of the application"))) {
      Distribute.Part base = new Distribute.Part(image, Map.of());
      Distribute.Part more = new Distribute.Part(application, Map.of());
      Distribute fresh = Distribute.of(view(), base, List.of(more), Set.of(), way());
      run(fresh);

      assertThat(tree(rootfs())).containsEntry("etc/b", "of the application");
      assertThat(Distribute.of(view(), base, List.of(), Set.of(), way()).fingerprint())
          .isEqualTo(Distribute.of(view(), base, List.of(more), Set.of(), way()).fingerprint())
          .isEqualTo(fresh.fingerprint());
      assertThat(Distribute.onTop(view(), more, Set.of(), way()).fingerprint())
          .isEqualTo(fresh.fingerprint());
    }
  }

  @Test
  void goingBackSendsNothing() throws Exception {
    distribute(test().gzip("etc/a", "1"), false, Map.of("etc/b", "own"));
    try (RootfsImage image = image(test().gzip("etc/a", "2"))) {
      Distribute step =
          Distribute.of(view(), new Distribute.Part(image, Map.of()), List.of(), Set.of(), way());
      step.run(context(step));
      assertThat(tree(rootfs())).containsEntry("etc/a", "2");
      store.opened.clear();

      step.undo(context(step));
    }
    assertThat(tree(rootfs())).containsEntry("etc/a", "1").containsEntry("etc/b", "own");
    assertThat(store.opened).isEmpty();
  }

  @Test
  void aStreamThatIsCutLeavesNothing() throws Exception {
    TestImage image = test().gzip("etc/a", "1".repeat(400_000));
    store.fault =
        in ->
            new FilterInputStream(ByteStreams.limit(in, 200)) {
              @Override
              public void close() throws IOException {
                in.close();
              }
            };

    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> distribute(image, false, Map.of()));

    assertThat(failure.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH);
    assertThat(failure).hasMessageContaining("10.0.0.1: layer sha256:");
    assertThat(tree(Path.of(paths.root()))).isEmpty();
    store.fault = in -> in;
    distribute(image, false, Map.of());
    assertThat(tree(rootfs())).containsKey("etc/a");
  }

  @Test
  void otherBytesLeaveNothing() throws Exception {
    TestImage image = test().plain("etc/a", "1");
    store.fault =
        in ->
            new FilterInputStream(in) {
              private long position;

              @Override
              public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = in.read(bytes, offset, length);
                for (int i = 0; i < count; i++) {
                  if (position++ == 512) {
                    bytes[offset + i] ^= 1;
                  }
                }
                return count;
              }
            };
    SealerException failure =
        catchThrowableOfType(SealerException.class, () -> distribute(image, false, Map.of()));
    assertThat(failure.code()).isEqualTo(ErrorCode.DIGEST_MISMATCH);
    assertThat(tree(Path.of(paths.root()))).isEmpty();
  }

  @Test
  void bytesAreCounted() {
    TestImage image = test().plain("etc/a", "1".repeat(50_000)).gzip("etc/b", "2");
    distribute(image, false, Map.of());
    long total = image.layers().stream().mapToLong(layer -> layer.size()).sum();
    tasks.close();
    assertThat(events)
        .anyMatch(
            event ->
                event instanceof Event.Started started
                    && started.kind() == Event.TaskKind.DISTRIBUTION
                    && started.total() == total)
        .anyMatch(event -> event instanceof Event.Progress progress && progress.done() == total);
  }

  @Test
  void aCutBetweenTheRenamesIsMended() throws Exception {
    distribute(test().gzip("etc/a", "1").blob("one"), true, Map.of());
    Files.move(rootfs(), rootfs().resolveSibling("rootfs.old"));
    distribute(test().gzip("etc/a", "2").blob("one"), true, Map.of());
    assertThat(tree(rootfs())).containsEntry("etc/a", "2");
    assertThat(tree(rootfs()).values()).contains("one");
    assertThat(rootfs().resolveSibling("rootfs.old")).doesNotExist();
  }

  @Test
  void hostsPullLayersWhenTheCallerSaysSo() throws Exception {
    TestImage test = test().plain("etc/a", "1".repeat(50_000)).gzip("etc/b", "2");
    try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
      RegistryOptions plain = RegistryOptions.builder().plainHttp(registry.address()).build();
      try (HttpRegistryClient client =
              new HttpRegistryClient(plain, 2, Clock.systemUTC(), Sleeper.THREAD);
          RootfsImage image = image(test)) {
        options =
            RunOptions.builder()
                .distribution(Distribution.pullFrom(registry.address() + "/near/k8s"))
                .build();
        Distribute step =
            Distribute.of(
                view(),
                new Distribute.Part(image, Map.of()),
                List.of(),
                Set.of(),
                new Distribute.Way(
                    new Distributors(List.of(), client, plain), Optional.of(Distribution.SEND)));

        SealerException failure = catchThrowableOfType(SealerException.class, () -> run(step));
        assertThat(failure.code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND);
        assertThat(failure.remedy()).contains("push the image there first");

        for (Descriptor layer : test.layers()) {
          client.putBlob(
              Reference.parse(registry.address() + "/near/k8s"),
              layer,
              () -> store.open(layer.digest()),
              task);
        }
        registry.clearRequests();
        run(step);

        assertThat(registry.requests().stream().filter(EmbeddedRegistry.Request::isBlobDownload))
            .hasSize(2);
        assertThat(tree(rootfs())).containsEntry("etc/b", "2").containsKey("etc/a");
      }
    }
  }

  @Test
  void aDistributorThatGivesOtherBytesHarmsNothing() {
    ImageDistributor liar =
        new ImageDistributor() {
          @Override
          public String name() {
            return "liar";
          }

          @Override
          public HostCommand fetch(Request request) {
            return HostCommand.builder("echo other bytes").title("lie").build();
          }
        };
    options = RunOptions.builder().distribution(Distribution.parse("liar")).build();
    try (RootfsImage image = image(test().plain("etc/a", "1"))) {
      Distribute step =
          Distribute.of(
              view(),
              new Distribute.Part(image, Map.of()),
              List.of(),
              Set.of(),
              new Distribute.Way(
                  new Distributors(
                      List.of(liar),
                      new HttpRegistryClient(
                          RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
                      RegistryOptions.DEFAULT),
                  Optional.empty()));
      assertThat(catchThrowableOfType(SealerException.class, () -> run(step)).code())
          .isEqualTo(ErrorCode.DIGEST_MISMATCH);
    }
    assertThat(Path.of(paths.rootfs())).doesNotExist();
  }

  @Test
  void anUnknownDistributorIsOneClearError() {
    options = RunOptions.builder().distribution(Distribution.parse("pigeon")).build();
    try (RootfsImage image = image(test().plain("etc/a", "1"))) {
      Distribute step =
          Distribute.of(view(), new Distribute.Part(image, Map.of()), List.of(), Set.of(), way());
      SealerException failure = catchThrowableOfType(SealerException.class, () -> run(step));
      assertThat(failure).hasMessageContaining("no distributor \"pigeon\"");
      assertThat(failure.remedy()).contains("send, pull");
    }
  }
}
