package cloud.sealer.kubernetes.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.testkit.EmbeddedRegistry;
import com.google.common.io.ByteStreams;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What goes wrong on the way, and other ways than sending. */
class DistributeFaultsTest extends DistributeFixture {
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
