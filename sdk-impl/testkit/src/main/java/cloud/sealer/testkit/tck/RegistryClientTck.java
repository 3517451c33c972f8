package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Checks a {@link RegistryClient} against an {@link EmbeddedRegistry}: what it gets and sends, and
 * that it copes with a registry that is busy, breaks off, or sends wrong bytes. Authentication is
 * checked by {@link RegistryAuthTck}.
 */
@Timeout(60)
public abstract class RegistryClientTck {
  private static final ImageFixture IMAGE =
      ContainerImages.of("team/app", "v1")
          .file("etc/app", "text")
          .randomLayer(400_000, 3)
          .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
          .build();
  private static final Descriptor LAYER = IMAGE.layers().get(1);
  private static final Digest NOTHING = Digest.sha256("0".repeat(64));

  private final EmbeddedRegistry registry = EmbeddedRegistry.builder().pageSize(3).start();
  private final RecordingTask task = new RecordingTask();
  private final Reference name = IMAGE.putInto(registry);
  private final Reference empty = Reference.parse(registry.address() + "/team/empty:v1");
  private RegistryClient client;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected RegistryClientTck() {}

  /**
   * Makes a client.
   *
   * @param options how to reach the registry: over plain HTTP, with three tries at most
   * @return a new client, closed by the tests
   */
  protected abstract RegistryClient client(RegistryOptions options);

  /** Options for tests: quick retries. */
  static RegistryOptions.Builder options(String registry) {
    return RegistryOptions.builder()
        .plainHttp(registry)
        .attempts(3)
        .retryDelay(Duration.ofMillis(10))
        .connectTimeout(Duration.ofSeconds(5))
        .readTimeout(Duration.ofSeconds(20));
  }

  @BeforeEach
  void connect() {
    client = client(options(registry.address()).build());
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  private byte[] read(Descriptor blob, long offset) throws IOException {
    try (RegistryClient.BlobStream stream = client.blob(name, blob, offset, task);
        InputStream body = stream.body()) {
      assertThat(stream.offset()).isIn(0L, offset);
      body.skipNBytes(offset - stream.offset());
      return body.readAllBytes();
    }
  }

  private long requests(String method, String part) {
    return registry.requests().stream()
        .filter(r -> r.method().equals(method) && r.path().contains(part))
        .count();
  }

  @Test
  void manifestHasItsExactBytes() {
    byte[] bytes = IMAGE.document(IMAGE.digest());
    Reference pinned = IMAGE.pinned(registry.address());
    Reference both = Reference.parse(registry.address() + "/team/app:other@" + IMAGE.digest());
    for (Reference reference : List.of(name, pinned, both)) {
      RegistryClient.Manifest manifest = client.manifest(reference, task);
      assertThat(manifest.bytes()).isEqualTo(bytes);
      assertThat(manifest.descriptor())
          .isEqualTo(new Descriptor(MediaType.OCI_INDEX, IMAGE.digest(), bytes.length));
    }
  }

  @Test
  void headTellsWithoutGetting() {
    assertThat(client.head(name, task)).hasValue(IMAGE.descriptor());
    assertThat(client.head(name.withTag("none"), task)).isEmpty();
    assertThat(client.head(name.withDigest(NOTHING), task)).isEmpty();
    assertThat(requests("GET", "/manifests/")).isZero();
  }

  @Test
  void missingManifestIsNotFoundAtOnce() {
    SealerException failure =
        Tck.failure(() -> client.manifest(name.withTag("none"), task), ErrorCode.IMAGE_NOT_FOUND);
    assertThat(failure.getMessage()).contains("team/app:none");
    assertThat(requests("GET", "/manifests/none")).isEqualTo(1);
    Tck.failure(() -> client.manifest(empty, task), ErrorCode.IMAGE_NOT_FOUND);
  }

  @Test
  void manifestOfAnotherDigestIsRefused() {
    registry.faults().wrongBytes(IMAGE.digest());
    Reference pinned = IMAGE.pinned(registry.address());
    Tck.failure(() -> client.manifest(pinned, task), ErrorCode.DIGEST_MISMATCH);
  }

  @Test
  void blobIsSentWholeAndFromAnyOffset() throws Exception {
    byte[] whole = read(LAYER, 0);
    assertThat(whole).hasSize((int) LAYER.size());
    registry.clearRequests();
    assertThat(read(LAYER, 399_000)).isEqualTo(Arrays.copyOfRange(whole, 399_000, whole.length));
    assertThat(registry.requests()).anyMatch(r -> r.range().startsWith("bytes=399000-"));
    assertThat(registry.requests()).allMatch(r -> r.sent() <= LAYER.size() - 399_000);
  }

  @Test
  void registryWithoutRangesSendsFromTheStart() throws Exception {
    byte[] whole = read(LAYER, 0);
    registry.faults().refuseRange();
    try (RegistryClient.BlobStream stream = client.blob(name, LAYER, 1000, task)) {
      assertThat(stream.offset()).isZero();
      assertThat(stream.body().readAllBytes()).isEqualTo(whole);
    }
  }

  @Test
  void missingBlobIsAFailure() {
    Descriptor nothing = new Descriptor(MediaType.OCI_LAYER, NOTHING, 10);
    Tck.failure(() -> client.blob(name, nothing, 0, task).close());
    assertThat(client.hasBlob(name, NOTHING, task)).isFalse();
    assertThat(client.hasBlob(name, LAYER.digest(), task)).isTrue();
    assertThat(client.hasBlob(empty, LAYER.digest(), task)).isFalse();
  }

  @Test
  void brokenBlobIsSeenAndGoneOnWith() throws Exception {
    byte[] whole = read(LAYER, 0);
    registry.faults().cutBlobAt(LAYER.digest(), 123_456);
    byte[] first = new byte[123_456];
    try (RegistryClient.BlobStream stream = client.blob(name, LAYER, 0, task)) {
      InputStream body = stream.body();
      assertThat(body.readNBytes(first, 0, first.length)).isEqualTo(first.length);
      assertThatThrownBy(body::read).isInstanceOf(IOException.class);
    }
    byte[] rest = read(LAYER, first.length);
    assertThat(first).isEqualTo(Arrays.copyOf(whole, first.length));
    assertThat(rest).isEqualTo(Arrays.copyOfRange(whole, first.length, whole.length));
  }

  @Test
  void imageIsSent() throws Exception {
    byte[] bytes = "small blob".getBytes(UTF_8);
    Descriptor blob = descriptor(bytes);
    client.putBlob(empty, blob, () -> new ByteArrayInputStream(bytes), task);
    assertThat(registry.has("team/empty", blob.digest())).isTrue();
    byte[] manifest = ("{\"layers\":[{\"digest\":\"" + blob.digest() + "\"}]}").getBytes(UTF_8);
    client.putManifest(empty, MediaType.OCI_MANIFEST, manifest, task);
    RegistryClient.Manifest back = client.manifest(empty, task);
    assertThat(back.bytes()).isEqualTo(manifest);
    assertThat(back.descriptor().mediaType()).isEqualTo(MediaType.OCI_MANIFEST);
    client.putManifest(
        empty.withDigest(back.descriptor().digest()), MediaType.OCI_MANIFEST, manifest, task);
    assertThat(registry.tags("team/empty")).containsExactly("v1");
  }

  private static Descriptor descriptor(byte[] bytes) {
    return new Descriptor(MediaType.OCI_LAYER, Tck.sha256(bytes), bytes.length);
  }

  private static byte[] someBytes() {
    byte[] bytes = new byte[300_000];
    IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) (i * 31));
    return bytes;
  }

  @Test
  void brokenUploadStartsAgain() {
    byte[] bytes = someBytes();
    registry.faults().cutUploadAt(100_000).times(1);
    client.putBlob(empty, descriptor(bytes), () -> new ByteArrayInputStream(bytes), task);
    assertThat(registry.has("team/empty", descriptor(bytes).digest())).isTrue();
    assertThat(task.retries()).isNotEmpty();
  }

  @Test
  void blobThatIsNotItsDigestIsRefused() {
    byte[] bytes = someBytes();
    Descriptor other = new Descriptor(MediaType.OCI_LAYER, NOTHING, bytes.length);
    Tck.failure(() -> client.putBlob(empty, other, () -> new ByteArrayInputStream(bytes), task));
    assertThat(registry.has("team/empty", NOTHING)).isFalse();
  }

  @Test
  void mountTakesWithoutSending() {
    assertThat(client.mount(empty, LAYER.digest(), "team/app", task)).isTrue();
    assertThat(registry.has("team/empty", LAYER.digest())).isTrue();
    assertThat(registry.requests()).allMatch(r -> r.received() == 0);
    assertThat(client.mount(empty, NOTHING, "team/app", task)).isFalse();
    assertThat(client.mount(empty, IMAGE.layers().get(0).digest(), "no/where", task)).isFalse();
  }

  @Test
  void allTagsAreListed() {
    List<String> tags = new ArrayList<>(List.of("v1"));
    for (int i = 10; i < 17; i++) {
      ContainerImages.of("team/app", "w" + i).file("a", "b").build().putInto(registry);
      tags.add("w" + i);
    }
    assertThat(client.tags(name, task)).isEqualTo(tags);
  }

  @Test
  void busyRegistryIsAskedAgain() throws Exception {
    for (int status : new int[] {429, 500, 502, 503}) {
      registry.faults().clear();
      registry.faults().status(status).times(2);
      assertThat(client.manifest(name, task).descriptor().digest()).isEqualTo(IMAGE.digest());
    }
    assertThat(task.retries()).hasSize(8);
    registry.faults().drop().times(1);
    assertThat(read(LAYER, 0)).hasSize((int) LAYER.size());
    registry.faults().status(503).onMethod("HEAD").times(2);
    assertThat(client.hasBlob(name, LAYER.digest(), task)).isTrue();
  }

  @Test
  void retryAfterIsHonoured() {
    registry.faults().status(429).retryAfter(1).times(1);
    long start = System.nanoTime();
    client.manifest(name, task);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(950));
  }

  @Test
  void triesEnd() {
    registry.faults().status(503);
    SealerException failure =
        Tck.failure(
            () -> client.manifest(name, task), ErrorCode.REGISTRY_ERROR, ErrorCode.UNREACHABLE);
    assertThat(failure.retryable()).isTrue();
    assertThat(failure.attempts()).isEqualTo(3);
    assertThat(requests("GET", "/manifests/")).isEqualTo(3);
  }

  @Test
  void refusalIsNotTriedAgain() {
    registry.faults().status(403).onPath("/manifests/");
    Tck.failure(() -> client.manifest(name, task), ErrorCode.UNAUTHORIZED);
    assertThat(requests("GET", "/manifests/")).isEqualTo(1);
  }

  @Test
  void nobodyListening() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    String address = "127.0.0.1:" + port;
    try (RegistryClient lost = client(options(address).build())) {
      SealerException failure =
          Tck.failure(
              () -> lost.manifest(Reference.parse(address + "/a:b"), task), ErrorCode.UNREACHABLE);
      assertThat(failure.getMessage()).contains(address);
    }
  }

  @Test
  void interruptEndsAWaitingCall() throws Exception {
    registry.faults().stallAt(10);
    Tck.interrupt(() -> !registry.requests().isEmpty(), () -> client.manifest(name, task));
    registry.faults().clear();
    assertThat(client.manifest(name, task).descriptor()).isEqualTo(IMAGE.descriptor());
  }

  @Test
  void interruptEndsAPauseBeforeTheNextTry() throws Exception {
    registry.faults().status(503).retryAfter(30);
    Tck.interrupt(() -> !registry.requests().isEmpty(), () -> client.hasBlob(name, NOTHING, task));
  }

  @Test
  void interruptedThreadAsksNobody() {
    Tck.interruptedBefore(() -> client.manifest(name, task));
  }

  @Test
  void threadsShareAClient() throws Exception {
    byte[] whole = read(LAYER, 0);
    assertThat(Tck.atOnce(8, () -> Arrays.equals(read(LAYER, 0), whole))).containsOnly(true);
  }

  @Test
  void redirectIsFollowed() throws Exception {
    byte[] whole = read(LAYER, 0);
    try (EmbeddedRegistry elsewhere = EmbeddedRegistry.start();
        RegistryClient both =
            client(options(registry.address()).plainHttp(elsewhere.address()).build())) {
      IMAGE.putInto(elsewhere);
      registry.faults().redirect("http://" + elsewhere.address()).onPath("/blobs/");
      try (RegistryClient.BlobStream stream = both.blob(name, LAYER, 0, task)) {
        assertThat(stream.body().readAllBytes()).isEqualTo(whole);
      }
      assertThat(elsewhere.requests()).isNotEmpty();
    }
  }
}
