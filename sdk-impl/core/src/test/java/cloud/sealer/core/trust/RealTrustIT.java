package cloud.sealer.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.layer.RootfsUnpacker;
import cloud.sealer.core.registry.DebianRegistry;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SignOptions;
import cloud.sealer.sdk.SignatureCheck;
import cloud.sealer.sdk.SignatureReport;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.RecordingTask;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Signatures that OpenSSL makes and checks, and what is attached as skopeo sees it, through
 * Debian's registry, which has no referrers API. (Debian's skopeo is built without its own check of
 * these signatures.)
 */
@Tag("real")
@Timeout(120)
class RealTrustIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path work;
  private DebianRegistry registry;
  private Sealer sealer;
  private TestKeys keys;

  @BeforeEach
  void open() throws Exception {
    DebianRegistry.require("skopeo");
    DebianRegistry.require("openssl");
    registry = DebianRegistry.open(work.resolve("registry"));
    sealer = sealer("store");
    keys = TestKeys.ec(work, "release");
  }

  private Sealer sealer(String store) {
    return Sealer.builder()
        .store(work.resolve(store))
        .registries(RegistryOptions.builder().plainHttp(registry.host()).build())
        .build();
  }

  @AfterEach
  void close() {
    if (sealer != null) {
      sealer.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  private String name() {
    return registry.host() + "/team/app:v1";
  }

  private ClusterImage build() {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCOPY file etc\n"))
                .context(BuildContext.inMemory().file("file", "text").build())
                .name(name())
                .build())
        .image();
  }

  private int run(Object... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    for (Object word : words) {
      command.add(word.toString());
    }
    Process process =
        new ProcessBuilder(command)
            .redirectError(work.resolve("errors").toFile())
            .redirectOutput(work.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String output() throws IOException {
    Path output = work.resolve("output");
    return Files.exists(output) ? Files.readString(output) : "";
  }

  /** How OpenSSL makes a key, and signs with it. */
  private record Kind(List<String> generate, List<String> sign) {}

  private static Stream<Arguments> kinds() {
    List<String> digest = List.of("dgst", "-sha256", "-sign");
    return Stream.of(
        Arguments.of(
            "EC", new Kind(List.of("ecparam", "-genkey", "-noout", "-name", "prime256v1"), digest)),
        Arguments.of("RSA", new Kind(List.of("genrsa", "2048"), digest)),
        Arguments.of(
            "Ed25519",
            new Kind(
                List.of("genpkey", "-algorithm", "ed25519"),
                List.of("pkeyutl", "-sign", "-rawin", "-inkey"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void weCheckSignaturesOfOpenSslAndSignWithItsKeys(String name, Kind kind) throws Exception {
    Path key = work.resolve("openssl.key");
    List<Object> generate = new ArrayList<>(List.of("openssl"));
    generate.addAll(kind.generate());
    assertThat(run(generate.toArray())).as(output()).isZero();
    Files.copy(work.resolve("output"), key);
    Path pub = work.resolve("openssl.pub");
    assertThat(run("openssl", "pkey", "-in", key, "-pubout", "-out", pub)).as(output()).isZero();
    build();
    sealer
        .trust()
        .sign(
            name(),
            SignOptions.signer(payload -> signWithOpenSsl(kind, key, payload)).build(),
            EventListener.NONE);
    SignatureCheck check = SignatureCheck.key(pub).build();
    assertThat(sealer.trust().verify(name(), check).trusted()).isTrue();

    Path encrypted = work.resolve("encrypted.key");
    assertThat(
            run(
                "openssl",
                "pkcs8",
                "-topk8",
                "-in",
                key,
                "-out",
                encrypted,
                "-passout",
                "pass:secret"))
        .as(output())
        .isZero();
    sealer
        .trust()
        .sign(
            name(),
            SignOptions.key(encrypted)
                .passphrase(Secret.of("secret"))
                .annotation("by", name)
                .build(),
            EventListener.NONE);
    sealer.trust().sign(name(), SignOptions.key(key).build(), EventListener.NONE);
    SignatureReport report = sealer.trust().verify(name(), check);
    assertThat(report.signatures()).hasSizeGreaterThanOrEqualTo(2);
    assertThat(report.rejected()).isEmpty();
  }

  private byte[] signWithOpenSsl(Kind kind, Path key, byte[] payload) throws IOException {
    Path text = Files.write(work.resolve("payload"), payload);
    Path out = work.resolve("signed");
    List<Object> words = new ArrayList<>(List.of("openssl"));
    words.addAll(kind.sign());
    words.addAll(List.of(key, "-out", out));
    words.addAll(kind.sign().contains("pkeyutl") ? List.of("-in", text) : List.of(text));
    try {
      assertThat(run(words.toArray())).as(output()).isZero();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return Files.readAllBytes(out);
  }

  @Test
  void openSslChecksTheBytes() throws Exception {
    ClusterImage image = build();
    sealer.trust().sign(name(), SignOptions.key(keys.privateKey()).build(), EventListener.NONE);
    sealer.images().push(name(), EventListener.NONE);
    String tag = "sha256-" + image.digest().hex() + ".sig";
    Path copy = work.resolve("signature");
    assertThat(
            run(
                "skopeo",
                "copy",
                "--src-tls-verify=false",
                "docker://" + registry.host() + "/team/app:" + tag,
                "dir:" + copy))
        .as(output())
        .isZero();
    JsonNode layer =
        JSON.readTree(Files.readAllBytes(copy.resolve("manifest.json"))).path("layers").path(0);
    String hex = layer.path("digest").asText().substring("sha256:".length());
    Path signature = work.resolve("raw");
    Files.write(
        signature,
        Base64.getDecoder()
            .decode(layer.path("annotations").path("dev.cosignproject.cosign/signature").asText()));
    assertThat(
            run(
                "openssl",
                "dgst",
                "-sha256",
                "-verify",
                keys.publicKey(),
                "-signature",
                signature,
                copy.resolve(hex)))
        .isZero();
    JsonNode payload = JSON.readTree(Files.readString(copy.resolve(hex), StandardCharsets.UTF_8));
    assertThat(payload.at("/critical/image/docker-manifest-digest").asText())
        .isEqualTo(image.digest().toString());
  }

  @Test
  void billsOfMaterialsGoThroughARegistryWithoutReferrersApi() throws Exception {
    ClusterImage image = build();
    for (SbomFormat format : SbomFormat.values()) {
      sealer.trust().attachSbom(name(), format, EventListener.NONE);
    }
    sealer.images().push(name(), EventListener.NONE);
    sealer.images().push(name(), EventListener.NONE);
    try (Sealer other = sealer("other")) {
      other.images().pull(name(), EventListener.NONE);
      assertThat(other.trust().referrers(name()))
          .hasSize(2)
          .isEqualTo(sealer.trust().referrers(name()));
    }
    assertThat(
            run(
                "skopeo",
                "inspect",
                "--raw",
                "--tls-verify=false",
                "docker://" + registry.host() + "/team/app:sha256-" + image.digest().hex()))
        .as(output())
        .isZero();
    assertThat(JSON.readTree(output()).path("manifests")).hasSize(2);
  }

  @Test
  void theRegistryOfTheClusterHasTheSignatures() throws Exception {
    String web = registry.host() + "/team/web:1";
    ContainerImages.of("team/web", "1")
        .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
        .file("etc/name", "web")
        .build()
        .pushTo(registry.host());
    sealer.images().pull(web, EventListener.NONE);
    sealer.trust().sign(web, SignOptions.key(keys.privateKey()).build(), EventListener.NONE);
    sealer.trust().attachSbom(web, SbomFormat.CYCLONEDX, EventListener.NONE);
    sealer.images().push(web, EventListener.NONE);

    ClusterImage image =
        sealer
            .builder(BuildMode.LITE)
            .build(
                BuildRequest.builder()
                    .kubefile(Kubefile.parse("FROM scratch\nCOPY imageList manifests\n"))
                    .context(BuildContext.inMemory().file("imageList", web + "\n").build())
                    .platform(Platform.LINUX_AMD64)
                    .name(name())
                    .build())
            .image();
    Path rootfs = Files.createDirectory(work.resolve("rootfs"));
    try (OciLayerStore store = new OciLayerStore(work.resolve("store"))) {
      RootfsUnpacker unpacker = new RootfsUnpacker(store, rootfs);
      image
          .platforms()
          .get(0)
          .layers()
          .forEach(layer -> unpacker.apply(layer, null, new RecordingTask()));
    }
    Path served = Files.createDirectory(work.resolve("served"));
    Files.move(rootfs.resolve("registry"), served.resolve("data"));
    try (DebianRegistry cluster = DebianRegistry.open(served);
        Sealer inside =
            Sealer.builder()
                .store(work.resolve("inside"))
                .registries(RegistryOptions.builder().plainHttp(cluster.host()).build())
                .build()) {
      String there = cluster.host() + "/team/web:1";
      SignatureCheck check = SignatureCheck.key(keys.publicKey()).build();
      assertThat(inside.trust().verifyRemote(there, check, EventListener.NONE).trusted()).isTrue();
      String manifest =
          image.platforms().get(0).metadata().containerImages().get(0).manifest().hex();
      assertThat(
              inside
                  .trust()
                  .verifyRemote(
                      cluster.host() + "/team/web@sha256:" + manifest, check, EventListener.NONE)
                  .trusted())
          .isTrue();
      String index = sealer.images().inspect(web).digest().hex();
      assertThat(
              run(
                  "skopeo",
                  "inspect",
                  "--raw",
                  "--tls-verify=false",
                  "docker://" + cluster.host() + "/team/web:sha256-" + index))
          .isZero();
      assertThat(JSON.readTree(output()).at("/manifests/0/artifactType").asText())
          .isEqualTo("application/vnd.cyclonedx+json");
    }
  }
}
