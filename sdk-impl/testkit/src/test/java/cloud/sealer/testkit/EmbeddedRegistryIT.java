package cloud.sealer.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Digest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocol, as the distribution specification has it. */
class EmbeddedRegistryIT {
  private static final byte[] BLOB = "0123456789".getBytes(UTF_8);
  private static final Digest DIGEST = Hashing.sha256(BLOB);
  private static final String UPLOADS = "/v2/team/app/blobs/uploads/";
  private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

  private final EmbeddedRegistry registry = EmbeddedRegistry.builder().pageSize(100).start();
  private final Http http = new Http(registry.address());

  @AfterEach
  void stop() {
    registry.close();
  }

  private String putBlob(byte[] bytes) throws Exception {
    Digest digest = Hashing.sha256(bytes);
    assertThat(http.send("POST", UPLOADS + "?digest=" + digest, bytes).statusCode()).isEqualTo(201);
    return "/v2/team/app/blobs/" + digest;
  }

  @Test
  void baseSaysItIsARegistry() throws Exception {
    assertThat(http.get("/v2/").statusCode()).isEqualTo(200);
  }

  @Test
  void blobIsSentWholeAndInRanges() throws Exception {
    String path = putBlob(BLOB);
    HttpResponse<byte[]> whole = http.get(path);
    assertThat(whole.body()).isEqualTo(BLOB);
    assertThat(Http.header(whole, "Docker-Content-Digest")).isEqualTo(DIGEST.toString());
    assertThat(Http.header(whole, "Accept-Ranges")).isEqualTo("bytes");
    HttpResponse<byte[]> head = http.send("HEAD", path);
    assertThat(Http.header(head, "Content-Length")).isEqualTo("10");
    HttpResponse<byte[]> rest = http.get(path, "Range", "bytes=4-");
    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(rest.body()).isEqualTo("456789".getBytes(UTF_8));
    assertThat(Http.header(rest, "Content-Range")).isEqualTo("bytes 4-9/10");
    assertThat(http.get(path, "Range", "bytes=2-3").body()).isEqualTo("23".getBytes(UTF_8));
    assertThat(http.get(path, "Range", "bytes=-3").body()).isEqualTo("789".getBytes(UTF_8));
    assertThat(http.get(path, "Range", "bytes=10-").statusCode()).isEqualTo(416);
  }

  @Test
  void emptyBlobIsABlob() throws Exception {
    String path = putBlob(new byte[0]);
    assertThat(http.get(path).body()).isEmpty();
    assertThat(http.get(path).statusCode()).isEqualTo(200);
  }

  @Test
  void missingThingsHaveErrorBodies() throws Exception {
    HttpResponse<byte[]> blob = http.get("/v2/team/app/blobs/" + DIGEST);
    assertThat(blob.statusCode()).isEqualTo(404);
    assertThat(new String(blob.body(), UTF_8))
        .startsWith("{\"errors\":[{\"code\":\"BLOB_UNKNOWN\"");
    assertThat(body(http.get("/v2/team/app/manifests/v1"))).contains("NAME_UNKNOWN");
    assertThat(body(http.get("/v2/team/app/blobs/sha256:12"))).contains("DIGEST_INVALID");
    assertThat(body(http.get("/v2/Team/app/blobs/" + DIGEST))).contains("NAME_INVALID");
    assertThat(body(http.get("/v2/../../etc/manifests/v1"))).contains("errors");
    assertThat(http.send("PATCH", UPLOADS + "nothing").statusCode()).isEqualTo(404);
  }

  private static String body(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).isBetween(400, 499);
    return new String(response.body(), UTF_8);
  }

  @Test
  void blobComesInChunks() throws Exception {
    HttpResponse<byte[]> start = http.send("POST", UPLOADS);
    assertThat(start.statusCode()).isEqualTo(202);
    assertThat(Http.header(start, "Range")).isEqualTo("0-0");
    HttpResponse<byte[]> first = chunk(start, "0123", "0-3");
    assertThat(first.statusCode()).isEqualTo(202);
    assertThat(Http.header(first, "Range")).isEqualTo("0-3");
    assertThat(chunk(first, "89", "8-9").statusCode()).isEqualTo(416);
    HttpResponse<byte[]> status = http.get(Http.header(first, "Location"));
    assertThat(status.statusCode()).isEqualTo(204);
    assertThat(Http.header(status, "Range")).isEqualTo("0-3");
    HttpResponse<byte[]> second = chunk(status, "456", "4-6");
    HttpResponse<byte[]> end =
        http.send(
            "PUT", Http.header(second, "Location") + "&digest=" + DIGEST, "789".getBytes(UTF_8));
    assertThat(end.statusCode()).isEqualTo(201);
    assertThat(http.get(Http.header(end, "Location")).body()).isEqualTo(BLOB);
  }

  private HttpResponse<byte[]> chunk(HttpResponse<?> last, String text, String range)
      throws Exception {
    return http.send(
        "PATCH", Http.header(last, "Location"), text.getBytes(UTF_8), "Content-Range", range);
  }

  @Test
  void wrongDigestIsRefused() throws Exception {
    Digest other = Hashing.sha256(new byte[1]);
    HttpResponse<byte[]> answer = http.send("POST", UPLOADS + "?digest=" + other, BLOB);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(body(answer)).contains("DIGEST_INVALID");
    assertThat(registry.has("team/app", other)).isFalse();
    assertThat(registry.has("team/app", DIGEST)).isFalse();
  }

  @Test
  void uploadIsCancelled() throws Exception {
    String location = Http.header(http.send("POST", UPLOADS), "Location");
    assertThat(http.send("DELETE", location).statusCode()).isEqualTo(204);
    assertThat(http.get(location).statusCode()).isEqualTo(404);
  }

  @Test
  void blobIsMountedFromAnotherRepository() throws Exception {
    putBlob(BLOB);
    String mount = "/v2/other/blobs/uploads/?mount=" + DIGEST + "&from=";
    assertThat(http.send("POST", mount + "team/nothing").statusCode()).isEqualTo(202);
    assertThat(http.get("/v2/other/blobs/" + DIGEST).statusCode()).isEqualTo(404);
    assertThat(http.send("POST", mount + "team/app").statusCode()).isEqualTo(201);
    assertThat(http.get("/v2/other/blobs/" + DIGEST).body()).isEqualTo(BLOB);
  }

  @Test
  void manifestLivesByTagAndDigest() throws Exception {
    putBlob(BLOB);
    byte[] manifest = ("{\"config\":{\"digest\": \"" + DIGEST + "\"}}").getBytes(UTF_8);
    Digest digest = Hashing.sha256(manifest);
    HttpResponse<byte[]> put = http.send("PUT", manifest("v1"), manifest, "Content-Type", TYPE);
    assertThat(put.statusCode()).isEqualTo(201);
    assertThat(Http.header(put, "Docker-Content-Digest")).isEqualTo(digest.toString());
    for (String reference : List.of("v1", digest.toString())) {
      HttpResponse<byte[]> get = http.get(manifest(reference));
      assertThat(get.body()).isEqualTo(manifest);
      assertThat(Http.header(get, "Content-Type")).isEqualTo(TYPE);
      assertThat(Http.header(http.send("HEAD", manifest(reference)), "Docker-Content-Digest"))
          .isEqualTo(digest.toString());
    }
    assertThat(
            http.send("PUT", manifest(DIGEST.toString()), manifest, "Content-Type", TYPE)
                .statusCode())
        .isEqualTo(400);
    assertThat(http.send("DELETE", manifest("v1")).statusCode()).isEqualTo(202);
    assertThat(http.get(manifest("v1")).statusCode()).isEqualTo(404);
    assertThat(http.get(manifest(digest.toString())).statusCode()).isEqualTo(200);
    assertThat(http.send("DELETE", manifest(digest.toString())).statusCode()).isEqualTo(202);
    assertThat(http.get(manifest(digest.toString())).statusCode()).isEqualTo(404);
  }

  private static String manifest(String reference) {
    return "/v2/team/app/manifests/" + reference;
  }

  @Test
  void manifestWithoutItsBlobsIsRefused() throws Exception {
    byte[] manifest = ("{\"config\":{\"digest\":\"" + DIGEST + "\"}}").getBytes(UTF_8);
    HttpResponse<byte[]> put = http.send("PUT", manifest("v1"), manifest, "Content-Type", TYPE);
    assertThat(body(put)).contains("MANIFEST_BLOB_UNKNOWN", DIGEST.toString());
  }

  @Test
  void tagsAndRepositoriesAreListedInPages() throws Exception {
    for (String tag : List.of("a", "b", "c")) {
      http.send("PUT", manifest(tag), "{}".getBytes(UTF_8), "Content-Type", TYPE);
    }
    assertThat(new String(http.get("/v2/team/app/tags/list").body(), UTF_8))
        .isEqualTo("{\"name\":\"team/app\",\"tags\":[\"a\",\"b\",\"c\"]}");
    HttpResponse<byte[]> page = http.get("/v2/team/app/tags/list?n=2");
    assertThat(new String(page.body(), UTF_8)).contains("[\"a\",\"b\"]");
    assertThat(Http.header(page, "Link"))
        .isEqualTo("</v2/team/app/tags/list?n=2&last=b>; rel=\"next\"");
    HttpResponse<byte[]> last = http.get("/v2/team/app/tags/list?n=2&last=b");
    assertThat(new String(last.body(), UTF_8)).contains("[\"c\"]");
    assertThat(Http.header(last, "Link")).isEmpty();
    assertThat(new String(http.get("/v2/_catalog").body(), UTF_8))
        .isEqualTo("{\"repositories\":[\"team/app\"]}");
    assertThat(http.get("/v2/nothing/tags/list").statusCode()).isEqualTo(404);
  }

  @Test
  void referrersAreFoundByTheirSubject() throws Exception {
    byte[] manifest =
        ("{\"artifactType\":\"text/x\",\"subject\":{\"digest\":\"" + DIGEST + "\"}}")
            .getBytes(UTF_8);
    HttpResponse<byte[]> put = http.send("PUT", manifest("s"), manifest, "Content-Type", TYPE);
    assertThat(Http.header(put, "OCI-Subject")).isEqualTo(DIGEST.toString());
    HttpResponse<byte[]> list = http.get("/v2/team/app/referrers/" + DIGEST);
    assertThat(Http.header(list, "Content-Type"))
        .isEqualTo("application/vnd.oci.image.index.v1+json");
    assertThat(new String(list.body(), UTF_8))
        .contains(Hashing.sha256(manifest).toString(), "\"artifactType\":\"text/x\"");
  }

  @Test
  void requestsAreRemembered() throws Exception {
    String path = putBlob(BLOB);
    registry.clearRequests();
    http.get(path + "?x=1", "Range", "bytes=8-");
    assertThat(registry.requests())
        .containsExactly(
            new EmbeddedRegistry.Request("GET", path, "x=1", "bytes=8-", 206, 0, 2, false));
    assertThat(registry.requests().get(0).isBlobDownload()).isTrue();
  }

  @Test
  void givenDirectoryOutlivesTheRegistry(@TempDir Path directory) throws Exception {
    ImageFixture image = ContainerImages.of("team/app", "v1").file("a", "b").build();
    int port;
    try (EmbeddedRegistry first = EmbeddedRegistry.builder().directory(directory).start()) {
      image.putInto(first);
      port = URI.create("http://" + first.address()).getPort();
    }
    try (EmbeddedRegistry second =
        EmbeddedRegistry.builder().directory(directory).port(port).start()) {
      assertThat(second.tags("team/app")).containsExactly("v1");
      assertThat(second.has("team/app", image.digest())).isTrue();
      assertThat(second.delete("team/app", image.digest())).isTrue();
      assertThat(second.tags("team/app")).isEmpty();
      assertThat(second.delete("team/app", image.digest())).isFalse();
    }
    assertThat(Files.exists(directory.resolve("blobs"))).isTrue();
  }

  @Test
  void answersAreNotHeldBackByTheNetworkStack() throws Exception {
    String path = putBlob(BLOB);
    long start = System.nanoTime();
    for (int i = 0; i < 100; i++) {
      http.get(path);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }
}
