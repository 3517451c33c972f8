package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.image.SmallDisk;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's registry as companies run it: certificates, tokens, caches and mirrors. */
@Tag("real")
@Timeout(120)
class RealRegistriesIT {
  private static final byte[] LAYER = Samples.bytes(8, 1_000_000);
  private static final byte[] CONFIG = "{\"os\":\"linux\"}".getBytes(StandardCharsets.UTF_8);

  @TempDir Path dir;
  private final RecordingTask task = new RecordingTask();

  private void push(RegistryOptions options, Reference image) {
    try (HttpRegistryClient client = Samples.client(options)) {
      for (byte[] bytes : List.of(LAYER, CONFIG)) {
        client.putBlob(image, Samples.blob(bytes), () -> new ByteArrayInputStream(bytes), task);
      }
      Descriptor config = Samples.blob(CONFIG);
      client.putManifest(
          image,
          MediaType.OCI_MANIFEST,
          Samples.manifest(
              new Descriptor(MediaType.OCI_CONFIG, config.digest(), config.size()),
              Samples.blob(LAYER)),
          task);
    }
  }

  private byte[] pull(RegistryOptions options, Reference image) throws IOException {
    try (HttpRegistryClient client = Samples.client(options)) {
      client.manifest(image, task);
      try (BlobStream stream = client.blob(image, Samples.blob(LAYER), 0, task)) {
        return stream.body().readAllBytes();
      }
    }
  }

  private SealerException failure(RegistryOptions options, Reference image) {
    return catchThrowableOfType(SealerException.class, () -> pull(options, image));
  }

  private void openssl(String... words) throws Exception {
    DebianRegistry.require("openssl");
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(Arrays.asList(words));
    Path log = dir.resolve("openssl.log");
    Process process =
        new ProcessBuilder(command)
            .directory(dir.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log)).isZero();
  }

  private static String[] words(String line) {
    return line.split(" ", -1);
  }

  /** An authority, the registry's certificate by it, and a client's, with keys of several forms. */
  private void makeCertificates() throws Exception {
    openssl(
        words("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.crt"));
    openssl(words("genrsa -traditional -out rsa.key 2048"));
    openssl(words("ecparam -name prime256v1 -genkey -out ec.key"));
    openssl(words("pkcs8 -topk8 -v2 aes-256-cbc -passout pass:secret -in ec.key -out locked.key"));
    openssl(words("genpkey -algorithm ed25519 -out ed.key"));
    openssl(words("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out server.key"));
    for (String name : List.of("server", "rsa", "ec", "ed")) {
      openssl(
          words(
              "req -new -key %s.key -subj /CN=%s -addext subjectAltName=IP:127.0.0.1 -out %s.csr"
                  .formatted(name, name, name)));
      openssl(
          words(
              ("x509 -req -in %s.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2"
                      + " -copy_extensions copy -out %s.crt")
                  .formatted(name, name)));
    }
  }

  private Path file(String name) {
    return dir.resolve(name);
  }

  @Test
  void privateAuthorityAndClientCertificatesOfAllForms() throws Exception {
    makeCertificates();
    try (DebianRegistry registry =
        DebianRegistry.withClientCertificates(
            dir.resolve("r"), file("server.crt"), file("server.key"), file("ca.crt"))) {
      Reference image = Samples.reference(registry.host(), "team/app:v1");
      RegistryHost.Builder host = RegistryHost.builder(registry.host());
      assertThat(failure(RegistryOptions.DEFAULT, image)).hasMessageContaining("not trusted");
      host.authority(file("ca.crt"));
      assertThat(failure(RegistryOptions.builder().attempts(1).host(host.build()).build(), image))
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE));

      for (String name : List.of("rsa", "ec", "ed")) {
        host.clientCertificate(file(name + ".crt"), file(name + ".key"));
        RegistryOptions options = RegistryOptions.builder().host(host.build()).build();
        push(options, image.withTag(name));
        assertThat(pull(options, image.withTag(name))).isEqualTo(LAYER);
      }
      host.clientCertificate(file("ec.crt"), file("locked.key"), () -> "secret".toCharArray());
      assertThat(pull(RegistryOptions.builder().host(host.build()).build(), image.withTag("ec")))
          .isEqualTo(LAYER);

      Path certificates = Files.createDirectories(dir.resolve("certs.d").resolve(registry.host()));
      Files.copy(file("ca.crt"), certificates.resolve("ca.crt"));
      Files.copy(file("rsa.crt"), certificates.resolve("client.cert"));
      Files.copy(file("rsa.key"), certificates.resolve("client.key"));
      RegistryOptions docker =
          RegistryOptions.builder().certificates(dir.resolve("certs.d")).build();
      assertThat(pull(docker, image.withTag("rsa"))).isEqualTo(LAYER);
    }
  }

  /** Gives tokens as a registry's token service does, to whoever has the password. */
  private static void tokens(
      KeyFiles signer, ScriptedServer.Request request, ScriptedServer.Reply reply)
      throws IOException {
    String expected =
        "Basic "
            + Base64.getEncoder().encodeToString("ann:pass word".getBytes(StandardCharsets.UTF_8));
    if (!request.header("authorization").equals(expected)) {
      reply.send(401, Map.of("WWW-Authenticate", "Basic realm=\"tokens\""));
      return;
    }
    String access =
        Stream.of(request.target().split("[?&]", -1))
            .filter(field -> field.startsWith("scope="))
            .map(field -> URLDecoder.decode(field.substring(6), StandardCharsets.UTF_8))
            .map(scope -> scope.split(":", 3))
            .map(
                scope ->
                    "{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[\"%s\"]}"
                        .formatted(scope[0], scope[1], scope[2].replace(",", "\",\"")))
            .reduce((a, b) -> a + "," + b)
            .orElse("");
    long now = Instant.now().getEpochSecond();
    String claims =
        ("{\"iss\":\"test-issuer\",\"sub\":\"ann\",\"aud\":\"test-registry\",\"exp\":%d,\"nbf\":%d,"
                + "\"iat\":%d,\"jti\":\"%d\",\"access\":[%s]}")
            .formatted(now + 300, now - 10, now, System.nanoTime(), access);
    try {
      reply.send(200, "{\"token\":\"" + signer.token(claims) + "\",\"expires_in\":300}");
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Test
  void aTokenService() throws Exception {
    KeyFiles signer = KeyFiles.make(dir, "signer", "RSA", "dns:tokens.example");
    try (ScriptedServer service =
            new ScriptedServer((request, reply) -> tokens(signer, request, reply));
        DebianRegistry registry =
            DebianRegistry.withTokens(
                dir.resolve("r"), service.url("/token"), "test-issuer", signer.certificate())) {
      Reference image = Samples.reference(registry.host(), "team/app:v1");
      RegistryOptions.Builder options = Samples.plain(registry.host());
      assertThat(failure(options.build(), image).code()).isEqualTo(ErrorCode.UNAUTHORIZED);

      options.credentials(host -> Optional.of(Credentials.basic("ann", "pass word")));
      push(options.build(), image);
      service.requests.clear();
      assertThat(pull(options.build(), image)).isEqualTo(LAYER);
      assertThat(service.log())
          .singleElement()
          .asString()
          .contains("service=test-registry", "scope=repository%3Ateam%2Fapp%3Apull");
    }
  }

  @Test
  void aPullThroughCacheIsAMirror() throws Exception {
    try (DebianRegistry origin = DebianRegistry.open(dir.resolve("origin"));
        DebianRegistry cache =
            DebianRegistry.cacheOf(dir.resolve("cache"), "http://" + origin.host())) {
      Reference image = Samples.reference(origin.host(), "team/app:v1");
      push(Samples.plain(origin.host()).build(), image);
      RegistryOptions.Builder options =
          Samples.plain(cache.host())
              .host(RegistryHost.builder("hub.example").mirror(cache.host()).build());
      Reference hub = Samples.reference("hub.example", "team/app:v1");
      assertThat(pull(options.build(), hub)).isEqualTo(LAYER);
      Path kept =
          dir.resolve("cache/data/docker/registry/v2/repositories/team/app/_layers/sha256")
              .resolve(Samples.blob(LAYER).digest().hex());
      while (!Files.exists(kept.resolve("link"))) {
        Thread.sleep(20); // the cache keeps it when it has answered
      }
      origin.close();
      assertThat(pull(options.build(), hub)).isEqualTo(LAYER);
      assertThat(task.notices()).isEmpty();
    }
  }

  @Test
  void aMirrorWithoutTheImageIsPassedOver() throws Exception {
    try (DebianRegistry origin = DebianRegistry.withPassword(dir.resolve("origin"));
        DebianRegistry mirror = DebianRegistry.open(dir.resolve("mirror"))) {
      Reference image = Samples.reference(origin.host(), "team/app:v1");
      RegistryOptions.Builder options =
          Samples.plain(origin.host())
              .plainHttp(mirror.host())
              .credentials(
                  host ->
                      host.equals(origin.host())
                          ? Optional.of(
                              Credentials.basic(DebianRegistry.USER, DebianRegistry.PASSWORD))
                          : Optional.empty());
      options.host(options.host(origin.host()).mirror(mirror.host()).build());
      push(options.build(), image);
      assertThat(pull(options.build(), image)).isEqualTo(LAYER);
      assertThat(task.notices())
          .isNotEmpty()
          .allSatisfy(notice -> assertThat(notice).contains(mirror.host(), "passed over"));
    }
  }

  @Test
  void aRegistryInMaintenanceTakesNothingAndStillGives() throws Exception {
    Path data = dir.resolve("registry");
    Reference image;
    try (DebianRegistry registry = DebianRegistry.open(data)) {
      push(
          Samples.plain(registry.host()).build(),
          Reference.parse(registry.host() + "/team/app:v1"));
    }
    try (DebianRegistry registry = DebianRegistry.readOnly(data)) {
      image = Reference.parse(registry.host() + "/team/app:v1");
      Reference other = Reference.parse(registry.host() + "/team/other:v1");
      RegistryOptions options = Samples.plain(registry.host()).build();

      SealerException refused =
          catchThrowableOfType(SealerException.class, () -> push(options, other));

      assertThat(refused.getMessage()).contains(registry.host(), "405");
      assertThat(refused.remedy()).isNotEmpty();
      assertThat(pull(options, image)).isEqualTo(LAYER);
    }
  }

  @Test
  void aRegistryWhoseDiskIsFullIsOneErrorAndGoesOnWhenThereIsSpace() throws Exception {
    try (SmallDisk disk = SmallDisk.mount(dir.resolve("disk"), "512k");
        DebianRegistry registry = DebianRegistry.open(disk.path())) {
      Reference image = Reference.parse(registry.host() + "/team/app:v1");
      RegistryOptions options = Samples.plain(registry.host()).build();

      SealerException refused =
          catchThrowableOfType(SealerException.class, () -> push(options, image));

      assertThat(refused.getMessage()).contains(registry.host()).doesNotContain("Exception");
      assertThat(refused.remedy()).isNotEmpty();
      disk.resize("8m");
      push(options, image);
      assertThat(pull(options, image)).isEqualTo(LAYER);
    }
  }
}
