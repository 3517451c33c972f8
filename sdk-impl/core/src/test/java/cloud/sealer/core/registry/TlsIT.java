package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS: who is trusted, and what is said when nobody is. */
@Timeout(60)
class TlsIT {
  private static final char[] PASSWORD = "changeit".toCharArray();
  @TempDir static Path dir;
  private static SSLContext right;
  private static SSLContext wrongHost;

  private final RecordingTask task = new RecordingTask();

  @BeforeAll
  static void makeKeys() throws Exception {
    right = context("right", "ip:127.0.0.1");
    wrongHost = context("wrong", "dns:elsewhere.example");
  }

  /** A context that has a new key and trusts it. */
  private static SSLContext context(String name, String host) throws Exception {
    Path store = dir.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-alias",
                    "key",
                    "-validity",
                    "2",
                    "-dname",
                    "CN=" + name,
                    "-ext",
                    "san=" + host,
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit",
                    "-keystore",
                    store.toString()))
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve(name + ".log").toFile())
            .start();
    assertThat(keytool.waitFor(50, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("key", keys.getCertificate("key"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static ScriptedServer server(SSLContext context, ScriptedServer.Handler handler)
      throws IOException {
    return new ScriptedServer("https", context.getServerSocketFactory(), handler);
  }

  private static HttpRegistryClient trusting(SSLContext context, Duration readTimeout) {
    return new HttpRegistryClient(
        RegistryOptions.builder().attempts(3).readTimeout(readTimeout).build(),
        4,
        Samples.CLOCK,
        duration -> {},
        new CredentialHelper(),
        () -> context);
  }

  private SealerException failure(HttpRegistryClient client, String host) {
    return catchThrowableOfType(
        SealerException.class, () -> client.manifest(Samples.reference(host, "a:b"), task));
  }

  @Test
  void pullsAndPushesOverTrustedTls() throws IOException {
    byte[] blob = Samples.bytes(5, 3_000_000);
    try (ScriptedServer server =
            server(
                right,
                (request, reply) -> {
                  switch (request.method()) {
                    case "POST" -> reply.send(202, Map.of("Location", "/up"));
                    case "PUT" -> {
                      assertThat(request.body().readAllBytes()).isEqualTo(blob);
                      reply.send(201, Map.of());
                    }
                    default -> reply.send(200, Map.of(), blob);
                  }
                });
        HttpRegistryClient client = trusting(right, Duration.ofSeconds(20))) {
      Reference image = Samples.reference(server.host(), "a:b");
      Descriptor descriptor = Samples.blob(blob);
      client.putBlob(image, descriptor, () -> new ByteArrayInputStream(blob), task);
      try (BlobStream stream = client.blob(image, descriptor, 0, task)) {
        assertThat(stream.body().readAllBytes()).isEqualTo(blob);
      }
      assertThat(server.connections).hasValue(1);
    }
  }

  @Test
  void refusesAnUnknownCertificateAtOnceWithARemedy() throws IOException {
    try (ScriptedServer server = server(right, (request, reply) -> reply.send(200, "{}"));
        HttpRegistryClient client = Samples.client(RegistryOptions.DEFAULT)) {
      SealerException e = failure(client, server.host());
      assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(e.attempts()).isEqualTo(1);
      assertThat(e).hasMessageContaining("certificate of " + server.host() + " is not trusted");
      assertThat(e.remedy()).contains("trust store");
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void refusesACertificateOfAnotherHost() throws IOException {
    try (ScriptedServer server = server(wrongHost, (request, reply) -> reply.send(200, "{}"));
        HttpRegistryClient client = trusting(wrongHost, Duration.ofSeconds(20))) {
      SealerException e = failure(client, server.host());
      assertThat(e.attempts()).isEqualTo(1);
      assertThat(e).hasMessageContaining("not trusted").hasMessageContaining("127.0.0.1");
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void neverFallsBackToPlainHttp() throws IOException {
    try (ScriptedServer server =
            new ScriptedServer((request, reply) -> reply.send(400, "plain http here"));
        HttpRegistryClient client = trusting(right, Duration.ofSeconds(20))) {
      SealerException e = failure(client, server.host());
      assertThat(e).hasMessageContaining("does not speak HTTPS");
      assertThat(e.remedy()).contains("RegistryOptions.plainHttp", "--plain-http " + server.host());
      assertThat(server.log()).containsOnly("TLS /");
    }
  }

  @Test
  void endsAnUploadThatStallsBelowTls() throws IOException {
    Descriptor large =
        new Descriptor(MediaType.OCI_LAYER, Samples.digest(new byte[0]), 100_000_000);
    try (ScriptedServer server =
            server(
                right,
                (request, reply) -> {
                  if (request.method().equals("PUT")) {
                    Thread.sleep(60_000);
                  }
                  reply.send(202, Map.of("Location", "/up"));
                });
        HttpRegistryClient client = trusting(right, Duration.ofMillis(500))) {
      SealerException e =
          catchThrowableOfType(
              SealerException.class,
              () ->
                  client.putBlob(
                      Samples.reference(server.host(), "a:b"),
                      large,
                      () -> new ByteArrayInputStream(new byte[100_000_000]),
                      task));
      assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
    }
  }
}
