package cloud.sealer.core.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.ImageFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images behind indexes as tools really write them. */
@Timeout(60)
class IndexesIT {
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String EMPTY = "application/vnd.oci.empty.v1+json";

  @TempDir Path work;
  private final HttpClient http = HttpClient.newHttpClient();
  private EmbeddedRegistry registry;

  @BeforeEach
  void start() {
    registry = EmbeddedRegistry.start();
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private ImageFixture image(Platform platform) {
    ImageFixture image =
        ContainerImages.of("team/web", platform.architecture())
            .platform(platform)
            .file("etc/name", platform.toString())
            .build();
    image.putInto(registry);
    return image;
  }

  private static String entry(String type, Digest digest, long size, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(type, digest, size, more);
  }

  private static String entry(ImageFixture image, String platform) {
    Descriptor manifest = image.descriptor();
    return entry(
        manifest.mediaType().value(),
        manifest.digest(),
        manifest.size(),
        platform.isEmpty() ? "" : ",\"platform\":" + platform);
  }

  private static String index(List<String> entries) {
    return "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":%s}"
        .formatted(INDEX, entries.stream().collect(Collectors.joining(",", "[", "]")));
  }

  private static Digest digest(String text) {
    try {
      return Digest.sha256(
          HexFormat.of()
              .formatHex(
                  MessageDigest.getInstance("SHA-256")
                      .digest(text.getBytes(StandardCharsets.UTF_8))));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Pushes a document; returns its entry for an index. */
  private String put(String type, String document, String name) throws Exception {
    send("PUT", "/v2/team/web/manifests/" + name, type, document);
    return entry(type, digest(document), document.length(), "");
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

  /** Pushes something that is no image, as builders do beside an image; returns its entry. */
  private String artifact(String config, String configType, String more) throws Exception {
    for (String blob : List.of(config, "{\"predicate\":{}}")) {
      send(
          "POST",
          "/v2/team/web/blobs/uploads/?digest=" + digest(blob),
          "application/octet-stream",
          blob);
    }
    String manifest =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MANIFEST,
                entry(configType, digest(config), config.length(), ""),
                entry("application/vnd.in-toto+json", digest("{\"predicate\":{}}"), 16, ""));
    put(MANIFEST, manifest, digest(manifest).toString());
    return entry(MANIFEST, digest(manifest), manifest.length(), more);
  }

  private ContainerImage collect() {
    try (Sealer sealer =
        Sealer.builder()
            .store(work.resolve("store"))
            .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
            .build()) {
      ContainerImage collected =
          sealer
              .builder(BuildMode.LITE)
              .build(
                  BuildRequest.builder()
                      .kubefile(Kubefile.parse("FROM scratch\nCOPY imageList manifests\n"))
                      .context(
                          BuildContext.inMemory()
                              .file("imageList", registry.address() + "/team/web:1\n")
                              .build())
                      .name("app:v1")
                      .build())
              .image()
              .platforms()
              .get(0)
              .metadata()
              .containerImages()
              .get(0);
      assertThat(sealer.images().verify("app:v1", EventListener.NONE).ok()).isTrue();
      return collected;
    }
  }

  private SealerException failure() {
    return catchThrowableOfType(SealerException.class, this::collect);
  }

  @Test
  void attestationsBesideAnImageAreNoImages() throws Exception {
    ImageFixture amd64 = image(Platform.LINUX_AMD64);
    String attestation =
        artifact(
            "{\"architecture\":\"unknown\",\"os\":\"unknown\"}",
            "application/vnd.oci.image.config.v1+json",
            ",\"platform\":{\"architecture\":\"unknown\",\"os\":\"unknown\"},\"annotations\":"
                + "{\"vnd.docker.reference.type\":\"attestation-manifest\"}");
    put(
        INDEX,
        index(List.of(attestation, entry(amd64, "{\"architecture\":\"amd64\",\"os\":\"linux\"}"))),
        "1");
    assertThat(collect().manifest()).isEqualTo(amd64.descriptor().digest());
  }

  @Test
  void anEntryWithoutPlatformIsForWhatItsConfigurationSays() throws Exception {
    ImageFixture arm64 = image(Platform.LINUX_ARM64);
    ImageFixture amd64 = image(Platform.LINUX_AMD64);
    String chart = artifact("not json", "application/vnd.cncf.helm.config.v1+json", "");
    String empty = artifact("{}", EMPTY, "");
    put(INDEX, index(List.of(chart, empty, entry(arm64, ""), entry(amd64, ""))), "1");
    assertThat(collect().manifest()).isEqualTo(amd64.descriptor().digest());
  }

  @Test
  void anEntryThatNamesItsPlatformIsPreferred() throws Exception {
    ImageFixture silent = image(Platform.LINUX_AMD64);
    ImageFixture named = ContainerImages.of("team/web", "named").file("etc/name", "named").build();
    named.putInto(registry);
    put(
        INDEX,
        index(
            List.of(
                entry(silent, ""), entry(named, "{\"architecture\":\"amd64\",\"os\":\"linux\"}"))),
        "1");
    assertThat(collect().manifest()).isEqualTo(named.descriptor().digest());
  }

  @Test
  void anIndexInAnIndexIsLookedThrough() throws Exception {
    ImageFixture arm64 = image(Platform.LINUX_ARM64);
    ImageFixture amd64 = image(Platform.LINUX_AMD64);
    String inner = index(List.of(entry(amd64, "{\"architecture\":\"amd64\",\"os\":\"linux\"}")));
    String entry = put(INDEX, inner, digest(inner).toString());
    String outer =
        index(List.of(entry(arm64, "{\"architecture\":\"arm64\",\"os\":\"linux\"}"), entry));
    put(INDEX, outer, "1");
    ContainerImage image = collect();
    assertThat(image.manifest()).isEqualTo(amd64.descriptor().digest());
    assertThat(image.digest()).isEqualTo(digest(outer));
  }

  @Test
  void nestingWithoutEndEnds() throws Exception {
    String entry = entry(image(Platform.LINUX_AMD64), "");
    for (int i = 0; i < 8; i++) {
      String index = index(List.of(entry));
      entry = put(INDEX, index, i == 7 ? "1" : digest(index).toString());
    }
    SealerException e = failure();
    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(e).hasMessageContaining("nests indexes more than 4 deep");
  }

  @Test
  void moreEntriesWithoutPlatformThanAnybodyNeedsAreRefused() throws Exception {
    List<String> entries = new ArrayList<>();
    String arm64 = entry(image(Platform.LINUX_ARM64), "");
    for (int i = 0; i < 100; i++) {
      entries.add(arm64);
    }
    put(INDEX, index(entries), "1");
    SealerException e = failure();
    assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(e).hasMessageContaining("without their platforms");
  }

  @Test
  void whatIsOnlyForOthersListsThem() throws Exception {
    put(INDEX, index(List.of(entry(image(Platform.LINUX_ARM64), ""))), "1");
    SealerException e = failure();
    assertThat(e.code()).isEqualTo(ErrorCode.PLATFORM_NOT_FOUND);
    assertThat(e).hasMessageContaining("only for linux/arm64");
  }
}
