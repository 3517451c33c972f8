package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the registry that Debian ships. */
@Tag("real")
@Timeout(120)
class DebianRegistryIT {
  private static final byte[] LAYER = Samples.bytes(6, 2_000_000);
  private static final byte[] CONFIG = "{\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;
  private final RecordingTask task = new RecordingTask();

  private Descriptor push(HttpRegistryClient client, Reference image) {
    for (byte[] bytes : List.of(LAYER, CONFIG)) {
      Descriptor blob = Samples.blob(bytes);
      if (!client.hasBlob(image, blob.digest(), task)) {
        client.putBlob(image, blob, () -> new ByteArrayInputStream(bytes), task);
      }
      assertThat(client.hasBlob(image, blob.digest(), task)).isTrue();
    }
    byte[] manifest = manifest();
    client.putManifest(image, MediaType.OCI_MANIFEST, manifest, task);
    return new Descriptor(MediaType.OCI_MANIFEST, Samples.digest(manifest), manifest.length);
  }

  private static byte[] manifest() {
    Descriptor config = Samples.blob(CONFIG);
    return Samples.manifest(
        new Descriptor(MediaType.OCI_CONFIG, config.digest(), config.size()), Samples.blob(LAYER));
  }

  private byte[] pull(HttpRegistryClient client, Reference image, long offset) throws IOException {
    try (BlobStream stream = client.blob(image, Samples.blob(LAYER), offset, task)) {
      assertThat(stream.offset()).isEqualTo(offset);
      return stream.body().readAllBytes();
    }
  }

  @Test
  void pushesPullsMountsAndLists() throws Exception {
    try (DebianRegistry registry = DebianRegistry.open(dir);
        HttpRegistryClient client = Samples.client(Samples.plain(registry.host()).build())) {
      Reference image = Samples.reference(registry.host(), "team/app:v1");
      assertThat(client.head(image, task)).isEmpty();
      assertThatThrownBy(() -> client.manifest(image, task))
          .isInstanceOfSatisfying(
              SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_NOT_FOUND))
          .hasMessageContaining("MANIFEST_UNKNOWN");
      Descriptor pushed = push(client, image);
      assertThat(task.advanced()).isEqualTo(LAYER.length + CONFIG.length);
      assertThat(client.head(image, task)).contains(pushed);
      assertThat(client.manifest(image, task).descriptor()).isEqualTo(pushed);
      assertThat(client.manifest(image.withDigest(pushed.digest()), task).bytes())
          .isEqualTo(manifest());
      assertThat(pull(client, image, 0)).isEqualTo(LAYER);
      assertThat(pull(client, image, 1_500_000))
          .isEqualTo(Arrays.copyOfRange(LAYER, 1_500_000, LAYER.length));

      Reference other = Samples.reference(registry.host(), "other:v1");
      assertThat(client.mount(other, Samples.blob(LAYER).digest(), "team/app", task)).isTrue();
      assertThat(client.hasBlob(other, Samples.blob(LAYER).digest(), task)).isTrue();
      assertThat(client.mount(other, Samples.digest(new byte[3]), "team/app", task)).isFalse();

      client.putManifest(image.withTag("v2"), MediaType.OCI_MANIFEST, manifest(), task);
      assertThat(client.tags(image, task)).containsExactlyInAnyOrder("v1", "v2");
      assertThat(task.retries()).isEmpty();
    }
  }

  @Test
  void refusesABlobThatIsNotWhatItSays() throws Exception {
    try (DebianRegistry registry = DebianRegistry.open(dir);
        HttpRegistryClient client = Samples.client(Samples.plain(registry.host()).build())) {
      Descriptor wrong = new Descriptor(MediaType.OCI_LAYER, Samples.digest(LAYER), 10);
      assertThatThrownBy(
              () ->
                  client.putBlob(
                      Samples.reference(registry.host(), "a:b"),
                      wrong,
                      () -> new ByteArrayInputStream(new byte[10]),
                      task))
          .isInstanceOf(SealerException.class)
          .hasMessageContaining("DIGEST_INVALID");
    }
  }

  @Test
  void logsInWithPassword() throws Exception {
    try (DebianRegistry registry = DebianRegistry.withPassword(dir)) {
      Reference image = Samples.reference(registry.host(), "team/app:v1");
      Credentials ann = Credentials.basic(DebianRegistry.USER, DebianRegistry.PASSWORD);
      Path config = dir.resolve("config.json");
      RegistryOptions options = Samples.plain(registry.host()).dockerConfig(config).build();
      try (HttpRegistryClient client = Samples.client(options)) {
        for (Credentials wrong :
            List.of(Credentials.basic("ann", "x"), Credentials.basic("", ""))) {
          assertThatThrownBy(() -> client.check(registry.host(), wrong))
              .isInstanceOfSatisfying(
                  SealerException.class,
                  e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
        }
        assertThatThrownBy(() -> push(client, image))
            .isInstanceOfSatisfying(
                SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
        assertThatCode(() -> client.check(registry.host(), ann)).doesNotThrowAnyException();
      }
      DockerConfigFile.store(config, registry.host(), ann);
      try (HttpRegistryClient client = Samples.client(options)) {
        push(client, image);
        assertThat(pull(client, image, 0)).isEqualTo(LAYER);
      }
    }
  }

  @Test
  void speaksTlsWithTheRightAuthorityOnly() throws Exception {
    DebianRegistry.require("openssl");
    Path key = dir.resolve("key.pem");
    Path certificate = dir.resolve("cert.pem");
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=registry",
                "-addext",
                "subjectAltName=IP:127.0.0.1",
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("openssl.log").toFile())
            .start();
    assertThat(openssl.waitFor(50, TimeUnit.SECONDS)).isTrue();
    try (DebianRegistry registry = DebianRegistry.withTls(dir.resolve("r"), certificate, key)) {
      Reference image = Samples.reference(registry.host(), "team/app:v1");
      SSLContext trusting = trusting(certificate);
      try (HttpRegistryClient client =
          new HttpRegistryClient(
              RegistryOptions.DEFAULT,
              4,
              Samples.CLOCK,
              d -> {},
              new CredentialHelper(),
              () -> trusting)) {
        push(client, image);
        assertThat(pull(client, image, 0)).isEqualTo(LAYER);
      }
      try (HttpRegistryClient client = Samples.client(RegistryOptions.DEFAULT)) {
        assertThatThrownBy(() -> client.head(image, task)).hasMessageContaining("not trusted");
      }
      try (HttpRegistryClient client = Samples.client(Samples.plain(registry.host()).build())) {
        assertThatThrownBy(() -> client.manifest(image, task))
            .isInstanceOfSatisfying(
                SealerException.class, e -> assertThat(e.remedy()).contains("speaks HTTPS"));
      }
    }
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      trusted.setCertificateEntry(
          "registry", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void movesALargeBlobInLittleMemory() throws Exception {
    try (DebianRegistry registry = DebianRegistry.open(dir.resolve("r"))) {
      assertThat(LargeBlobIT.transfer(registry.host())).contains("moved ");
    }
  }
}
