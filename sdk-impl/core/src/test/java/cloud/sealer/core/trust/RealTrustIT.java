package cloud.sealer.core.trust;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.registry.DebianRegistry;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SbomFormat;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SignOptions;
import cloud.sealer.sdk.SignatureCheck;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Signatures beside the other implementations of cosign's format: skopeo, whose policies check them
 * and which signs with cosign's encrypted keys, and OpenSSL; through Debian's registry, which has no
 * referrers API.
 */
@Tag("real")
@Timeout(120)
class RealTrustIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PASSPHRASE = "correct horse";

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
    Files.createDirectories(work.resolve("registries.d"));
    Files.writeString(
        work.resolve("registries.d/default.yaml"),
        "default-docker:\n  use-sigstore-attachments: true\n");
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
            .redirectErrorStream(true)
            .redirectOutput(work.resolve("output").toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /** Copies from the registry with a policy that wants a signature by the key. */
  private int copyIfSigned(Path key) throws IOException, InterruptedException {
    Path policy =
        Files.writeString(
            work.resolve("policy.json"),
            """
            {"default": [{"type": "sigstoreSigned", "keyPath": "KEY",
                          "signedIdentity": {"type": "matchRepository"}}]}
            """
                .replace("KEY", key.toString()));
    return run(
        "skopeo",
        "--policy",
        policy,
        "--registries.d",
        work.resolve("registries.d"),
        "copy",
        "--src-tls-verify=false",
        "docker://" + name(),
        "dir:" + work.resolve("copy"));
  }

  @Test
  void skopeoChecksOurSignatures() throws Exception {
    build();
    sealer.images().push(name(), EventListener.NONE);
    assertThat(copyIfSigned(keys.publicKey())).isNotZero();

    sealer.trust().sign(name(), SignOptions.key(keys.privateKey()).build(), EventListener.NONE);
    sealer.images().push(name(), EventListener.NONE);
    assertThat(copyIfSigned(keys.publicKey())).as(output()).isZero();
    assertThat(copyIfSigned(TestKeys.ec(work, "other").publicKey())).isNotZero();
  }

  private String output() throws IOException {
    Path output = work.resolve("output");
    return Files.exists(output) ? Files.readString(output) : "";
  }

  @Test
  void weCheckSignaturesOfSkopeoAndSignWithItsKey() throws Exception {
    Path encrypted = CosignKeys.encrypt(work.resolve("cosign.key"), keys, PASSPHRASE);
    build();
    sealer.images().save(name(), work.resolve("image.tar"), EventListener.NONE);
    Path passphrase = Files.writeString(work.resolve("passphrase"), PASSPHRASE + "\n");
    Path trustAll =
        Files.writeString(
            work.resolve("all.json"), "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
    int copied =
        run(
            "skopeo",
            "--policy",
            trustAll,
            "--registries.d",
            work.resolve("registries.d"),
            "copy",
            "--all",
            "--dest-tls-verify=false",
            "--sign-by-sigstore-private-key",
            encrypted,
            "--sign-passphrase-file",
            passphrase,
            "oci-archive:" + work.resolve("image.tar") + ":" + name(),
            "docker://" + name());
    assertThat(copied).as(output()).isZero();

    SignatureCheck check = SignatureCheck.key(keys.publicKey()).build();
    assertThat(sealer.trust().verifyRemote(name(), check, EventListener.NONE).trusted()).isTrue();
    try (Sealer other = sealer("other")) {
      other.images().pull(name(), EventListener.NONE);
      assertThat(other.trust().verify(name(), check).trusted()).isTrue();
      // One more with the same encrypted key.
      other
          .trust()
          .sign(
              name(),
              SignOptions.key(encrypted).passphrase(Secret.of(PASSPHRASE)).build(),
              EventListener.NONE);
      assertThat(other.trust().verify(name(), check).signatures()).hasSize(2);
      other.images().push(name(), EventListener.NONE);
    }
    assertThat(sealer.trust().verifyRemote(name(), check, EventListener.NONE).signatures())
        .hasSize(2);
    assertThat(copyIfSigned(keys.publicKey())).as(output()).isZero();
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
}
