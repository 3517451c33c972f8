package cloud.sealer.testkit.tck;

import static cloud.sealer.testkit.tck.TextBlobs.bytes;
import static cloud.sealer.testkit.tck.TextBlobs.digest;
import static cloud.sealer.testkit.tck.TextBlobs.image;
import static cloud.sealer.testkit.tck.TextBlobs.leave;
import static cloud.sealer.testkit.tck.TextBlobs.put;
import static cloud.sealer.testkit.tck.TextBlobs.read;
import static cloud.sealer.testkit.tck.TextBlobs.write;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.LayerStore.BlobWriter;
import cloud.sealer.sdk.spi.LayerStore.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks a {@link LayerStore}: blobs, resumption, names, records and pruning, also between two
 * stores on the same storage. A blob counts as new until the session that wrote it is closed.
 */
@Timeout(60)
public abstract class LayerStoreTck {
  private final List<LayerStore> open = new ArrayList<>();
  private LayerStore store;
  private LayerStore other;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected LayerStoreTck() {}

  /**
   * Opens a store.
   *
   * @param storage a directory that stands for the storage: two stores opened with the same one
   *     share all content, even if it is kept elsewhere
   * @return a new store, closed by the tests
   */
  protected abstract LayerStore open(Path storage);

  @BeforeEach
  void openTwice(@TempDir Path directory) {
    Path storage = directory.resolve("storage");
    store = reopen(storage);
    other = reopen(storage);
  }

  private LayerStore reopen(Path storage) {
    LayerStore opened = open(storage);
    open.add(opened);
    return opened;
  }

  @AfterEach
  void closeAll() {
    open.forEach(LayerStore::close);
  }

  private void assertHas(LayerStore of, String text) throws IOException {
    assertThat(of.size(digest(text))).hasValue(text.length());
    assertThat(read(of.open(digest(text)))).isEqualTo(text);
  }

  private static void assertHasNot(LayerStore of, String text) {
    assertThat(of.size(digest(text))).isEmpty();
  }

  @Test
  void missingBlobIsMissing() {
    assertHasNot(store, "missing");
    Tck.failure(() -> store.open(digest("missing")).close(), ErrorCode.STORE_CORRUPT);
  }

  @Test
  void blobAppearsWithCommitAndNotBefore() throws Exception {
    try (Session session = store.session();
        BlobWriter writer = session.write("key")) {
      writer.write(bytes("he"));
      writer.write(bytes("llo"));
      assertThat(writer.position()).isEqualTo(5);
      assertHasNot(store, "hello");
      assertHasNot(other, "hello");
      writer.commit(digest("hello"));
      assertHas(store, "hello");
    }
    assertHas(store, "hello");
    assertHas(other, "hello");
  }

  @Test
  void buffersOfAllKindsAreConsumed() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(20);
    direct.put(bytes("..direct..")).flip().position(2).limit(8);
    ByteBuffer slice = bytes("..slice..").position(2).limit(7).slice().asReadOnlyBuffer();
    try (Session session = store.session();
        BlobWriter writer = session.write("key")) {
      writer.write(direct);
      writer.write(slice);
      assertThat(direct.hasRemaining() || slice.hasRemaining()).isFalse();
      writer.commit(digest("directslice"));
    }
    assertHas(store, "directslice");
  }

  @Test
  void emptyBlobIsABlob() throws Exception {
    put(store, "");
    assertHas(other, "");
  }

  @Test
  void sameBlobMayBeWrittenAgain() throws Exception {
    put(store, "twice");
    put(other, "twice");
    assertHas(store, "twice");
  }

  @Test
  void nextWriterOfAKeyGoesOn() throws Exception {
    leave(store, "key", "first ");
    leave(other, "key", "second ");
    try (Session session = store.session();
        BlobWriter writer = session.write("key")) {
      assertThat(writer.position()).isEqualTo(13);
      assertThat(read(writer.written())).isEqualTo("first second ");
      writer.write(bytes("third"));
      writer.commit(digest("first second third"));
    }
    assertHas(store, "first second third");
    assertFresh("key");
  }

  private void assertFresh(String key) throws IOException {
    try (Session session = store.session();
        BlobWriter writer = session.write(key)) {
      assertThat(writer.position()).isZero();
      assertThat(read(writer.written())).isEmpty();
    }
  }

  @Test
  void restartThrowsAway() throws Exception {
    leave(store, "key", "wrong");
    try (Session session = store.session();
        BlobWriter writer = session.write("key")) {
      writer.restart();
      assertThat(writer.position()).isZero();
      writer.write(bytes("right"));
      writer.commit(digest("right"));
    }
    assertHas(store, "right");
  }

  @Test
  void keysAreApart() throws Exception {
    leave(store, "one", "1");
    leave(store, "One-2_x.y", "22");
    try (Session session = store.session();
        BlobWriter one = session.write("one");
        BlobWriter two = session.write("One-2_x.y")) {
      assertThat(one.position()).isEqualTo(1);
      assertThat(two.position()).isEqualTo(2);
    }
  }

  @Test
  void secondWriterOfAKeyWaits() throws Exception {
    for (LayerStore second : List.of(store, other)) {
      AtomicBoolean closed = new AtomicBoolean();
      AtomicInteger early = new AtomicInteger();
      Thread waiting;
      try (Session session = store.session();
          BlobWriter writer = session.write("key")) {
        waiting = new Thread(() -> appendWhenFree(second, closed, early), "tck-second-writer");
        waiting.start();
        Thread.sleep(100);
        writer.restart();
        writer.write(bytes("first "));
        closed.set(true);
      }
      waiting.join(20_000);
      assertThat(waiting.isAlive()).as("second writer still waits").isFalse();
      assertThat(early).as("writers at work at the same time").hasValue(0);
      try (Session session = store.session();
          BlobWriter writer = session.write("key")) {
        assertThat(read(writer.written())).isEqualTo("first second");
      }
    }
  }

  private static void appendWhenFree(LayerStore in, AtomicBoolean free, AtomicInteger early) {
    try (Session session = in.session();
        BlobWriter writer = session.write("key")) {
      if (!free.get()) {
        early.incrementAndGet();
      }
      writer.write(bytes("second"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void waitingWriterIsCancelled() throws Exception {
    try (Session session = store.session();
        BlobWriter writer = session.write("key")) {
      AtomicBoolean started = new AtomicBoolean();
      Tck.interrupt(
          started::get,
          () -> {
            try (Session second = store.session()) {
              started.set(true);
              second.write("key").close();
            }
          });
      writer.write(bytes("unharmed"));
      writer.commit(digest("unharmed"));
    }
    assertHas(store, "unharmed");
    assertFresh("key");
  }

  @Test
  void manyWriteAtOnce() throws Exception {
    AtomicInteger next = new AtomicInteger();
    try (Session session = store.session()) {
      Tck.atOnce(
          8,
          () -> {
            for (int i = 0; i < 20; i++) {
              write(session, "blob " + next.getAndIncrement() % 40);
            }
            return true;
          });
    }
    for (int i = 0; i < 40; i++) {
      assertHas(other, "blob " + i);
    }
  }

  @Test
  void damagedBlobIsThrownAway() throws Exception {
    put(store, "bad");
    put(store, "good");
    other.evict(digest("bad"));
    assertHasNot(store, "bad");
    assertHas(store, "good");
    put(store, "bad");
    assertHas(other, "bad");
  }

  @Test
  void scratchLivesAsLongAsItsSession() throws Exception {
    Path scratch;
    try (Session session = store.session();
        Session second = other.session()) {
      scratch = session.scratch();
      assertThat(scratch).isDirectory().isEqualTo(session.scratch());
      assertThat(second.scratch()).isDirectory().isNotEqualTo(scratch);
      Files.createDirectories(scratch.resolve("deep/er"));
      Files.writeString(scratch.resolve("deep/er/file"), "x");
    }
    assertThat(scratch).doesNotExist();
  }

  @Test
  void namesAreGivenMovedAndTaken() throws Exception {
    put(store, "one");
    put(store, "two");
    assertThat(store.names()).isEmpty();
    store.putName("example.com/b:v1", image("one"));
    store.putName("a: any text / ü", image("one"));
    assertThat(other.names().keySet()).containsExactly("a: any text / ü", "example.com/b:v1");
    other.putName("example.com/b:v1", image("two"));
    Descriptor moved = Objects.requireNonNull(store.names().get("example.com/b:v1"), "moved name");
    assertThat(moved.digest()).isEqualTo(digest("two"));
    assertThat(moved.mediaType()).isEqualTo(MediaType.OCI_INDEX);
    assertThat(moved.size()).isEqualTo(3);
    assertThat(store.removeName("example.com/b:v1")).isTrue();
    assertThat(store.removeName("example.com/b:v1")).isFalse();
    assertThat(other.names().keySet()).containsExactly("a: any text / ü");
    assertHas(store, "two");
  }

  @Test
  void namesGivenAtOnceAreAllKept() throws Exception {
    put(store, "one");
    AtomicInteger next = new AtomicInteger();
    Tck.atOnce(
        6,
        () -> {
          for (int i = 0; i < 10; i++) {
            int number = next.getAndIncrement();
            (number % 2 == 0 ? store : other).putName("name " + number, image("one"));
          }
          return true;
        });
    assertThat(store.names()).hasSize(60).isEqualTo(other.names());
  }

  @Test
  void recordsAreRecalled() {
    String key = "sha256:" + "0123456789abcdef/ü ".repeat(30);
    assertThat(store.recall("chain", key)).isEmpty();
    store.remember("chain", key, "one\ntwo ü");
    assertThat(other.recall("chain", key)).hasValue("one\ntwo ü");
    assertThat(store.recall("other", key)).isEmpty();
    assertThat(store.recall("chain", key + "x")).isEmpty();
    other.remember("chain", key, "new");
    assertThat(store.recall("chain", key)).hasValue("new");
  }

  @Test
  void pruneDeletesWhatIsNotKept() throws Exception {
    put(store, "kept");
    put(store, "dropped");
    put(other, "dropped too");
    var result = store.prune(Set.of(digest("kept"), digest("never seen")));
    assertThat(result.blobs()).isEqualTo(2);
    assertThat(result.bytes()).isEqualTo("dropped".length() + "dropped too".length());
    assertHas(store, "kept");
    assertHasNot(store, "dropped");
    assertHasNot(other, "dropped too");
    assertThat(store.prune(Set.of(digest("kept"))).blobs()).isZero();
  }

  @Test
  void pruneSparesWhatASessionWroteOrClaimed() throws Exception {
    put(store, "claimed");
    put(store, "free");
    try (Session session = store.session()) {
      assertThat(session.claim(digest("claimed"))).hasValue("claimed".length());
      assertThat(session.claim(digest("missing"))).isEmpty();
      write(session, "written");
      other.prune(Set.of());
      store.prune(Set.of());
      assertHas(store, "claimed");
      assertHas(store, "written");
      assertHasNot(store, "free");
    }
    other.prune(Set.of());
    assertHasNot(store, "claimed");
    assertHasNot(store, "written");
  }

  @Test
  void pruneSparesWhatIsBeingWritten() throws Exception {
    try (Session session = store.session();
        BlobWriter writer = session.write("key")) {
      Files.writeString(session.scratch().resolve("file"), "x");
      writer.write(bytes("half "));
      other.prune(Set.of());
      store.prune(Set.of());
      assertThat(session.scratch().resolve("file")).hasContent("x");
      writer.write(bytes("whole"));
      writer.commit(digest("half whole"));
      assertHas(other, "half whole");
    }
  }

  @Test
  void contentOutlivesTheStore(@TempDir Path directory) throws Exception {
    Path storage = directory.resolve("again");
    try (LayerStore first = open(storage)) {
      put(first, "blob");
      leave(first, "key", "unfinished");
      first.putName("name", image("blob"));
      first.remember("kind", "key", "value");
    }
    LayerStore second = reopen(storage);
    assertHas(second, "blob");
    assertThat(second.names()).containsOnlyKeys("name");
    assertThat(second.recall("kind", "key")).hasValue("value");
    try (Session session = second.session();
        BlobWriter writer = session.write("key")) {
      assertThat(read(writer.written())).isEqualTo("unfinished");
    }
  }
}
