package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Base and cluster images behind indexes as tools really write them. */
@Timeout(60)
class PulledIndexesIT {
  private static final String AMD64 = "{\"architecture\":\"amd64\",\"os\":\"linux\"}";
  private static final String UNKNOWN = "{\"architecture\":\"unknown\",\"os\":\"unknown\"}";

  @TempDir private Path work;
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedRegistry registry;
  private Sealer sealer;

  @BeforeEach
  void open() {
    registry = EmbeddedRegistry.start();
    sealer = sealer("store");
  }

  @AfterEach
  void close() {
    sealer.close();
    registry.close();
  }

  private Sealer sealer(String store) {
    return Sealer.builder()
        .store(work.resolve(store))
        .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
        .build();
  }

  private ImageFixture image(Platform platform) {
    ImageFixture image =
        ContainerImages.of("team/base", "only-" + platform.architecture())
            .platform(platform)
            .file("etc/platform", platform.toString())
            .build();
    image.putInto(registry);
    return image;
  }

  private static String entry(Descriptor document, String platform) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(
            document.mediaType(),
            document.digest(),
            document.size(),
            platform.isEmpty() ? "" : ",\"platform\":" + platform);
  }

  private Descriptor putIndex(String tag, String... entries) throws Exception {
    String index =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s]}"
            .formatted(MediaType.OCI_INDEX, String.join(",", entries));
    Descriptor descriptor = descriptor(MediaType.OCI_INDEX, index);
    String name = tag.isEmpty() ? descriptor.digest().toString() : tag;
    send("PUT", "/v2/team/base/manifests/" + name, MediaType.OCI_INDEX.value(), index);
    return descriptor;
  }

  private static Descriptor descriptor(MediaType type, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Descriptor(
        type, Digest.sha256(Hashing.sha256().hashBytes(bytes).toString()), bytes.length);
  }

  /** What BuildKit writes beside an image: where it comes from. */
  private Descriptor attestation() throws Exception {
    String config = "{\"architecture\":\"unknown\",\"os\":\"unknown\",\"rootfs\":{}}";
    String statement = "{\"predicateType\":\"https://slsa.dev/provenance/v0.2\"}";
    Descriptor configBlob = descriptor(MediaType.OCI_CONFIG, config);
    Descriptor layer = descriptor(new MediaType("application/vnd.in-toto+json"), statement);
    for (String blob : List.of(config, statement)) {
      String digest = descriptor(MediaType.OCI_CONFIG, blob).digest().toString();
      send("POST", "/v2/team/base/blobs/uploads/?digest=" + digest, "application/x", blob);
    }
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(MediaType.OCI_MANIFEST, entry(configBlob, ""), entry(layer, ""));
    Descriptor document = descriptor(MediaType.OCI_MANIFEST, manifest);
    send(
        "PUT",
        "/v2/team/base/manifests/" + document.digest(),
        MediaType.OCI_MANIFEST.value(),
        manifest);
    return document;
  }

  private void send(String method, String path, String type, String body) throws Exception {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create("http://" + registry.address() + path))
                .header("Content-Type", type)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) {
      throw new IOException(answer.statusCode() + " " + answer.body());
    }
  }

  private String base() {
    return registry.address() + "/team/base:v1";
  }

  private ClusterImage pull() {
    return sealer.images().pull(base(), EventListener.NONE);
  }

  private ClusterImage build(Platform platform) {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM " + base() + "\n"))
                .name("app:v1")
                .platform(platform)
                .build())
        .image();
  }

  private static Stream<Platform> platforms(ClusterImage image) {
    return image.platforms().stream().map(PlatformImage::platform);
  }

  private SealerException failure() {
    return catchThrowableOfType(SealerException.class, this::pull);
  }

  @Test
  void anIndexInAnIndexAndEntriesWithoutPlatformArePulledAndPushed() throws Exception {
    Descriptor inner = putIndex("", entry(image(Platform.LINUX_AMD64).descriptor(), AMD64));
    putIndex("v1", entry(image(Platform.LINUX_ARM64).descriptor(), ""), entry(inner, ""));
    ClusterImage pulled = pull();
    assertThat(platforms(pulled)).containsExactly(Platform.LINUX_AMD64, Platform.LINUX_ARM64);
    assertThat(sealer.images().verify(base(), EventListener.NONE).ok()).isTrue();

    String copy = registry.address() + "/other/base:v1";
    sealer.images().tag(base(), copy);
    assertThat(sealer.images().push(copy, EventListener.NONE)).isEqualTo(pulled.digest());
    try (Sealer other = sealer("other")) {
      ClusterImage again = other.images().pull(copy, EventListener.NONE);
      assertThat(again.digest()).isEqualTo(pulled.digest());
      assertThat(again.platforms()).isEqualTo(pulled.platforms());
    }
  }

  @Test
  void aBaseInANestedIndexIsFoundForItsPlatform() throws Exception {
    ImageFixture arm64 = image(Platform.LINUX_ARM64);
    Descriptor inner = putIndex("", entry(arm64.descriptor(), ""));
    putIndex("v1", entry(image(Platform.LINUX_AMD64).descriptor(), AMD64), entry(inner, ""));
    ClusterImage.Metadata built = build(Platform.LINUX_ARM64).platforms().get(0).metadata();
    assertThat(built.baseDigest()).contains(arm64.digest());
  }

  @Test
  void attestationsAreKeptButAreNoPlatforms() throws Exception {
    Descriptor attestation = attestation();
    putIndex(
        "v1", entry(image(Platform.LINUX_AMD64).descriptor(), AMD64), entry(attestation, UNKNOWN));
    ClusterImage pulled = pull();
    assertThat(platforms(pulled)).containsExactly(Platform.LINUX_AMD64);
    assertThat(build(Platform.LINUX_AMD64).platforms()).hasSize(1);

    sealer.images().save(base(), work.resolve("saved.tar"), EventListener.NONE);
    try (Sealer other = sealer("other")) {
      other.images().load(work.resolve("saved.tar"), EventListener.NONE);
      String copy = registry.address() + "/other/base:v1";
      other.images().tag(base(), copy);
      other.images().push(copy, EventListener.NONE);
    }
    HttpResponse<String> kept =
        http.send(
            HttpRequest.newBuilder(
                    URI.create(
                        "http://"
                            + registry.address()
                            + "/v2/other/base/manifests/"
                            + attestation.digest()))
                .header("Accept", MediaType.OCI_MANIFEST.value())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(kept.statusCode()).isEqualTo(200);
    assertThat(kept.body()).contains("in-toto");
  }

  @Test
  void nestingWithoutEndEnds() throws Exception {
    Descriptor index = image(Platform.LINUX_AMD64).descriptor();
    for (int i = 0; i < 8; i++) {
      index = putIndex(i == 7 ? "v1" : "", entry(index, ""));
    }
    SealerException e = failure();
    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(e).hasMessageContaining("nested more than 4 deep");
    assertThat(sealer.images().list()).isEmpty();
  }
}
