package cloud.sealer.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OciLayerStoreTest {
  @TempDir Path temporary;
  private Path directory;
  private OciLayerStore store;

  @BeforeEach
  void open() {
    directory = temporary.resolve("store");
    store = new OciLayerStore(directory);
  }

  @AfterEach
  void close() {
    store.close();
  }

  static Digest digest(String text) {
    return Digest.sha256(Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString());
  }

  static Digest put(LayerStore.Session session, String text) {
    try (LayerStore.BlobWriter writer = session.write("k-" + text.hashCode())) {
      writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      writer.commit(digest(text));
      return digest(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void assertCode(Throwable thrown, ErrorCode code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotEmpty();
            });
  }

  @Test
  void aStoreThatDoesNotExistIsEmptyAndStaysSo() {
    assertThat(store.names()).isEmpty();
    assertThat(store.size(digest("a"))).isEmpty();
    assertThat(store.recall("layer", "a")).isEmpty();
    assertThat(store.removeName("a")).isFalse();
    assertThat(store.prune(Set.of())).isEqualTo(PruneResult.NOTHING);
    assertThatThrownBy(() -> store.open(digest("a")))
        .satisfies(e -> assertCode(e, ErrorCode.STORE_CORRUPT));
    assertThat(directory).doesNotExist();
  }

  @Test
  void isAnImageLayout() throws IOException {
    Digest blob;
    try (LayerStore.Session session = store.session()) {
      blob = put(session, "text");
    }
    assertThat(directory.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
    assertThat(directory.resolve("index.json"))
        .hasContent(
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}");
    assertThat(directory.resolve("blobs/sha256/" + blob.hex())).hasContent("text");
    assertThat(directory.resolve("ingest")).isEmptyDirectory();
    assertThat(directory.resolve("work")).isEmptyDirectory();
    try (var in = store.open(blob)) {
      assertThat(in).hasContent("text");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"photo.jpg", "blobs", "index.json"})
  void anotherDirectoryIsRefused(String child) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(child), "");

    assertThatThrownBy(() -> store.names())
        .satisfies(e -> assertCode(e, ErrorCode.INVALID_REQUEST));
    assertThatThrownBy(() -> store.session())
        .satisfies(e -> assertCode(e, ErrorCode.INVALID_REQUEST))
        .hasMessageContaining(child);
    assertThat(directory).isDirectoryContaining(file -> file.endsWith(child));
  }

  @Test
  void anotherLayoutVersionIsRefused() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");

    assertThatThrownBy(() -> store.session())
        .satisfies(e -> assertCode(e, ErrorCode.IMAGE_UNSUPPORTED))
        .hasMessageContaining("2.0.0");
  }

  @Test
  void whatADiedCreationLeavesIsNoObstacle() throws IOException {
    Files.createDirectories(directory.resolve("work"));
    Files.writeString(directory.resolve("oci-layout.1234"), "");

    store.session().close();
    assertThat(store.names()).isEmpty();
  }

  @Test
  void namesAreFreeText() {
    Descriptor image = new Descriptor(MediaType.OCI_INDEX, digest("i"), 1);
    Descriptor arm =
        new Descriptor(MediaType.OCI_MANIFEST, digest("m"), 2)
            .withPlatform(new Platform("linux", "arm64", "v8"))
            .withAnnotation("k", "v");
    store.putName("127.0.0.1:5000/a/b:v1", image);
    store.putName("b", image);
    store.putName("b", arm);

    try (OciLayerStore other = new OciLayerStore(directory)) {
      assertThat(other.names())
          .containsOnlyKeys("127.0.0.1:5000/a/b:v1", "b")
          .containsEntry("b", arm);
      assertThat(other.removeName("b")).isTrue();
      assertThat(other.removeName("b")).isFalse();
    }
    assertThat(store.names()).containsOnlyKeys("127.0.0.1:5000/a/b:v1");
  }

  @Test
  void whatOtherToolsWroteStays() throws IOException {
    store.session().close();
    String foreign =
        "{\"schemaVersion\":2,\"x-tool\":true,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
            + digest("m")
            + "\",\"size\":1,\"urls\":[\"u\"]}]}";
    Files.writeString(directory.resolve("index.json"), foreign);
    store.putName("a", new Descriptor(MediaType.OCI_INDEX, digest("i"), 1));
    store.removeName("a");

    assertThat(directory.resolve("index.json")).hasContent(foreign);
  }

  @Test
  void aBrokenIndexIsReportedAndNotOverwritten() throws IOException {
    store.session().close();
    Files.writeString(directory.resolve("index.json"), "{\"manifests\": [");

    assertThatThrownBy(() -> store.names()).satisfies(e -> assertCode(e, ErrorCode.STORE_CORRUPT));
    assertThatThrownBy(
            () -> store.putName("a", new Descriptor(MediaType.OCI_INDEX, digest("i"), 1)))
        .satisfies(e -> assertCode(e, ErrorCode.STORE_CORRUPT));
    assertThat(directory.resolve("index.json")).hasContent("{\"manifests\": [");
  }

  @Test
  void recordsAreKeptAndTornOnesForgotten() throws IOException {
    store.remember("layer", "key", "line 1\nline 2 é");
    store.remember("layer", "key", "newer");
    store.remember("other", "key", "");

    assertThat(store.recall("layer", "key")).contains("newer");
    assertThat(store.recall("other", "key")).contains("");
    assertThat(store.recall("layer", "key2")).isEmpty();
    try (var files = Files.walk(directory.resolve("cache"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), 40));
      }
    }
    assertThat(store.recall("layer", "key")).isEmpty();
    assertThatThrownBy(() -> store.recall("../x", "key"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", ".", "a/b", "../a", "a b", ".hidden"})
  void aKeyIsAPlainName(String key) {
    try (LayerStore.Session session = store.session()) {
      assertThatThrownBy(() -> session.write(key)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anUnfinishedBlobIsContinued() throws IOException {
    try (LayerStore.Session session = store.session()) {
      try (LayerStore.BlobWriter writer = session.write("key")) {
        writer.write(ByteBuffer.wrap("te".getBytes(StandardCharsets.UTF_8)));
      }
    }
    try (LayerStore.Session session = store.session();
        LayerStore.BlobWriter writer = session.write("key")) {
      assertThat(writer.position()).isEqualTo(2);
      try (var in = writer.written()) {
        assertThat(in).hasContent("te");
      }
      writer.write(ByteBuffer.wrap("xt".getBytes(StandardCharsets.UTF_8)));
      writer.commit(digest("text"));
      assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IllegalStateException.class);
    }
    assertThat(directory.resolve("blobs/sha256/" + digest("text").hex())).hasContent("text");
    assertThat(directory.resolve("ingest")).isEmptyDirectory();
  }

  @Test
  void pruneKeepsWhatNamesSessionsAndCallersNeed() throws IOException {
    Digest kept;
    Digest layer;
    Digest unnamed;
    try (LayerStore.Session session = store.session()) {
      kept = put(session, "kept");
      layer = put(session, "layer");
      unnamed = put(session, "unnamed");
      put(session, "garbage");
      String manifest = "{\"layers\":[{\"digest\":\"" + layer + "\",\"size\":5}]}";
      put(session, manifest);
      store.putName(
          "a", new Descriptor(MediaType.OCI_MANIFEST, digest(manifest), manifest.length()));
      try (LayerStore.BlobWriter writer = session.write("partial")) {
        writer.write(ByteBuffer.allocate(10));
      }
      Path index = directory.resolve("index.json");
      Files.writeString(
          index,
          Files.readString(index)
              .replace(
                  "\"manifests\":[",
                  "\"manifests\":[{\"mediaType\":\"application/x\",\"digest\":\""
                      + unnamed
                      + "\",\"size\":7},"));
      assertThat(store.prune(Set.of())).isEqualTo(new PruneResult(0, 0, 1, 10, 0, 0));
    }
    store.remember("layer", "gone", "x " + digest("garbage"));
    store.remember("layer", "there", "x " + layer);
    store.remember("layer", "free", "text");
    try (OciLayerStore other = new OciLayerStore(directory);
        LayerStore.Session session = other.session()) {
      assertThat(session.claim(digest("never"))).isEmpty();
      assertThat(store.prune(Set.of(kept))).isEqualTo(new PruneResult(1, 7, 0, 0, 0, 0));
    }
    assertThat(store.size(digest("garbage"))).isEmpty();
    assertThat(List.of(kept, layer, unnamed))
        .allSatisfy(d -> assertThat(store.size(d)).isPresent());
    assertThat(store.recall("layer", "gone")).isEmpty();
    assertThat(store.recall("layer", "there")).isPresent();
    assertThat(store.recall("layer", "free")).isPresent();
  }

  @Test
  void aClaimedBlobSurvivesUntilItsSessionEnds() {
    Digest blob;
    try (LayerStore.Session session = store.session()) {
      blob = put(session, "text");
    }
    try (OciLayerStore other = new OciLayerStore(temporary.resolve("x/../store"))) {
      LayerStore.Session session = other.session();
      assertThat(session.claim(blob)).hasValue(4);
      assertThat(store.prune(Set.of()).blobs()).isZero();
      session.close();
      session.close();
      assertThat(store.prune(Set.of()).blobs()).isOne();
    }
  }

  @Test
  void whatADeadSessionLeftIsRemoved() throws IOException {
    store.session().close();
    Path work = directory.resolve("work");
    Path closed = Files.createDirectories(work.resolve("dead/rootfs/closed"));
    Files.writeString(closed.resolve("file"), "");
    Files.setPosixFilePermissions(closed, Set.of());
    Files.writeString(work.resolve("dead.claims"), digest("x") + "\n");
    Files.writeString(work.resolve("dead.lock"), "");
    Files.writeString(directory.resolve("ingest/dead-1"), "partial layer");
    Files.writeString(directory.resolve("ingest/sha256-1"), "partial download");
    LayerStore.Session alive = store.session();
    Files.writeString(alive.scratch().resolve("f"), "");

    try (OciLayerStore other = new OciLayerStore(directory);
        LayerStore.Session session = other.session()) {
      assertThat(session.scratch()).isEmptyDirectory();
      assertThat(alive.scratch().resolve("f")).exists();
      assertThat(work.resolve("dead")).doesNotExist();
      assertThat(work.resolve("dead.lock")).doesNotExist();
      assertThat(work.resolve("dead.claims")).doesNotExist();
      assertThat(directory.resolve("ingest"))
          .isDirectoryContaining(f -> f.endsWith("sha256-1"))
          .isDirectoryNotContaining(f -> f.endsWith("dead-1"));
    }
    alive.close();
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void storesThreadsAndSpellingsExcludeOneAnother() throws Exception {
    store.session().close();
    Path link = Files.createSymbolicLink(temporary.resolve("link"), directory);
    AtomicInteger writing = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Future<?>> work = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Path spelling = i % 2 == 0 ? directory : link;
      int number = i;
      work.add(
          threads.submit(
              () -> {
                try (OciLayerStore mine = new OciLayerStore(spelling);
                    LayerStore.Session session = mine.session()) {
                  for (int round = 0; round < 10; round++) {
                    try (LayerStore.BlobWriter writer = session.write("same-key")) {
                      most.accumulateAndGet(writing.incrementAndGet(), Math::max);
                      writer.restart();
                      writer.write(ByteBuffer.wrap("text".getBytes(StandardCharsets.UTF_8)));
                      writing.decrementAndGet();
                      writer.commit(digest("text"));
                    }
                    mine.putName(
                        "n" + number + "-" + round,
                        new Descriptor(MediaType.OCI_INDEX, digest("i"), 1));
                  }
                }
                return null;
              }));
    }
    for (Future<?> each : work) {
      each.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
    assertThat(most).hasValue(1);
    assertThat(store.names()).hasSize(60);
    assertThat(store.size(digest("text"))).hasValue(4);
  }

  @Test
  void waitingForAWriterCanBeCancelled() throws Exception {
    try (LayerStore.Session session = store.session();
        LayerStore.BlobWriter writer = session.write("key")) {
      assertThat(writer.position()).isZero();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> session.write("key"))
          .satisfies(e -> assertThat(((SealerException) e).code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatTheDiskRefusesIsSaidWithPathAndRemedy() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "");
    try (OciLayerStore below = new OciLayerStore(file.resolve("store"))) {
      assertThatThrownBy(below::session)
          .satisfies(e -> assertCode(e, ErrorCode.STORE_IO))
          .hasMessageContaining(file.toString());
    }
  }
}
