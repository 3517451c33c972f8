package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every fault, and that all is well after it. */
@Timeout(30)
class FaultsIT {
  private static final ImageFixture IMAGE =
      ContainerImages.of("team/app", "v1").randomLayer(300_000, 1).build();
  private static final Digest LAYER = IMAGE.layers().get(0).digest();
  private static final String BLOB = "/v2/team/app/blobs/" + LAYER;
  private static final String MANIFEST = "/v2/team/app/manifests/v1";

  private final EmbeddedRegistry registry = EmbeddedRegistry.start();
  private final Http http = new Http(registry.address());
  private byte[] whole = new byte[0];

  @BeforeEach
  void fill() throws Exception {
    IMAGE.putInto(registry);
    whole = http.get(BLOB).body();
    registry.clearRequests();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  /** What arrives before the connection ends, seen without any client in between. */
  private byte[] bytesBeforeTheEnd() throws IOException {
    String[] address = registry.address().split(":");
    try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
      String head = "GET " + BLOB + " HTTP/1.1\r\nHost: " + registry.address() + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      byte[] all = socket.getInputStream().readAllBytes();
      String text = new String(all, StandardCharsets.ISO_8859_1);
      assertThat(text).contains("Content-Length: " + whole.length + "\r\n");
      return Arrays.copyOfRange(all, text.indexOf("\r\n\r\n") + 4, all.length);
    }
  }

  @Test
  void cutBreaksTheConnectionAtTheByte() throws Exception {
    Fault cut = registry.faults().cutBlobAt(LAYER, 123_457).times(1);
    assertThat(bytesBeforeTheEnd()).isEqualTo(Arrays.copyOf(whole, 123_457));
    assertThat(cut.hits()).isEqualTo(1);
    assertThat(http.get(BLOB).body()).isEqualTo(whole);
    assertThat(registry.requests()).extracting(r -> r.sent()).startsWith(123_457L);
  }

  @Test
  void cutIsSeenByEveryClient() {
    registry.faults().cutAt(1);
    assertThatThrownBy(() -> http.get(BLOB)).isInstanceOf(IOException.class);
  }

  @Test
  void cutDoesNotHitTheRestOfTheBlob() throws Exception {
    Fault cut = registry.faults().cutBlobAt(LAYER, 1000);
    HttpResponse<byte[]> rest = http.get(BLOB, "Range", "bytes=1000-");
    assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(whole, 1000, whole.length));
    assertThat(cut.hits()).isZero();
  }

  @Test
  void uploadIsCut() throws Exception {
    Fault cut = registry.faults().cutUploadAt(1000).times(1);
    String uploads = "/v2/team/other/blobs/uploads/?digest=" + LAYER;
    assertThatThrownBy(() -> http.send("POST", uploads, whole)).isInstanceOf(IOException.class);
    assertThat(cut.hits()).isEqualTo(1);
    assertThat(registry.has("team/other", LAYER)).isFalse();
    assertThat(registry.requests()).extracting(r -> r.received()).startsWith(1000L);
    assertThat(http.send("POST", uploads, whole).statusCode()).isEqualTo(201);
  }

  @Test
  void statusComesAsOftenAsWantedWhereWanted() throws Exception {
    Fault busy =
        registry.faults().status(429).retryAfter(2).onPath("/manifests/").after(1).times(2);
    assertThat(http.get(MANIFEST).statusCode()).isEqualTo(200);
    assertThat(http.get(BLOB).statusCode()).isEqualTo(200);
    for (int i = 0; i < 2; i++) {
      HttpResponse<byte[]> answer = http.get(MANIFEST);
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(Http.header(answer, "Retry-After")).isEqualTo("2");
      assertThat(new String(answer.body())).contains("TOOMANYREQUESTS");
    }
    assertThat(http.get(MANIFEST).statusCode()).isEqualTo(200);
    assertThat(busy.hits()).isEqualTo(2);
  }

  @Test
  void clearEndsFaults() throws Exception {
    registry.faults().status(503);
    assertThat(http.get(MANIFEST).statusCode()).isEqualTo(503);
    registry.faults().clear();
    assertThat(http.get(MANIFEST).statusCode()).isEqualTo(200);
  }

  @Test
  void dropGivesNoAnswer() throws Exception {
    registry.faults().drop().onMethod("get").onPath("/manifests/");
    assertThatThrownBy(() -> http.get(MANIFEST)).isInstanceOf(IOException.class);
    assertThat(registry.requests()).extracting(r -> r.status()).containsOnly(0);
    assertThat(http.send("HEAD", MANIFEST).statusCode()).isEqualTo(200);
  }

  @Test
  void wrongBytesHaveTheRightLength() throws Exception {
    registry.faults().wrongBytes(LAYER).times(1);
    byte[] wrong = http.get(BLOB).body();
    assertThat(wrong).hasSameSizeAs(whole);
    assertThat(Arrays.mismatch(wrong, whole)).isEqualTo(whole.length - 1);
    assertThat(http.get(BLOB).body()).isEqualTo(whole);
  }

  @Test
  void slowTakesItsTime() throws Exception {
    registry.faults().slow(600_000);
    long start = System.nanoTime();
    assertThat(http.get(BLOB).body()).isEqualTo(whole);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(350), Duration.ofSeconds(5));
  }

  @Test
  void stallHoldsBackUntilCleared() throws Exception {
    Fault stall = registry.faults().stallAt(1000);
    CompletableFuture<byte[]> body = download();
    while (registry.requests().isEmpty() || registry.requests().get(0).sent() < 1000) {
      Thread.sleep(5);
    }
    Thread.sleep(100);
    assertThat(body).isNotDone();
    assertThat(registry.requests().get(0).sent()).isEqualTo(1000);
    registry.faults().clear();
    assertThat(body.get(10, TimeUnit.SECONDS)).isEqualTo(whole);
    assertThat(stall.hits()).isEqualTo(1);
  }

  @Test
  void closeEndsWhatIsStalled() throws Exception {
    registry.faults().stallAt(0);
    CompletableFuture<byte[]> body = download();
    while (registry.requests().isEmpty()) {
      Thread.sleep(5);
    }
    registry.close();
    assertThatThrownBy(() -> body.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
  }

  private CompletableFuture<byte[]> download() {
    CompletableFuture<byte[]> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(http.get(BLOB).body());
              } catch (IOException | InterruptedException e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  @Test
  void headAndRangesAreRefused() throws Exception {
    registry.faults().refuseHead();
    registry.faults().refuseRange();
    assertThat(http.send("HEAD", BLOB).statusCode()).isEqualTo(405);
    HttpResponse<byte[]> answer = http.get(BLOB, "Range", "bytes=1000-");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(whole);
  }

  @Test
  void redirectNamesTheOtherServer() throws Exception {
    registry.faults().redirect("http://127.0.0.1:9").onPath("/blobs/");
    HttpResponse<byte[]> answer = http.get(BLOB);
    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(Http.header(answer, "Location")).isEqualTo("http://127.0.0.1:9" + BLOB);
  }
}
