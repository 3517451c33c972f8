package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTPS by the settings of one registry: authorities, client certificates, certs.d, insecure. */
@Timeout(60)
class HostTlsIT {
  @TempDir static Path dir;
  private static KeyFiles server;
  private static KeyFiles elsewhere;
  private static KeyFiles ec;
  private static KeyFiles rsa;

  private final RecordingTask task = new RecordingTask();

  @BeforeAll
  static void makeKeys() throws Exception {
    server = KeyFiles.make(dir, "server", "EC", "ip:127.0.0.1");
    elsewhere = KeyFiles.make(dir, "elsewhere", "EC", "dns:elsewhere.example");
    ec = KeyFiles.make(dir, "ec", "EC", "dns:client.example");
    rsa = KeyFiles.make(dir, "rsa", "RSA", "dns:client.example");
  }

  private static void tags(ScriptedServer.Request request, ScriptedServer.Reply reply)
      throws IOException {
    reply.send(200, "{\"tags\":[\"v1\"]}");
  }

  private List<String> tags(RegistryOptions.Builder options, String host) {
    try (HttpRegistryClient client = Samples.client(options.attempts(2).build())) {
      return client.tags(Samples.reference(host, "a"), task);
    }
  }

  private SealerException failure(RegistryOptions.Builder options, String host) {
    return catchThrowableOfType(SealerException.class, () -> tags(options, host));
  }

  @Test
  void trustsAnAuthorityAtTheRegistryItIsFor() throws Exception {
    try (ScriptedServer registry = server.server(HostTlsIT::tags);
        ScriptedServer other = server.server(HostTlsIT::tags)) {
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .host(RegistryHost.builder(registry.host()).authority(server.certificate()).build());

      assertThat(tags(options, registry.host())).containsExactly("v1");
      SealerException e = failure(options, other.host());
      assertThat(e).hasMessageContaining(other.host() + " is not trusted");
      assertThat(e.remedy()).contains("RegistryHost.authority", "--cert-dir");
    }
  }

  @Test
  void anAuthorityMakesNoOtherHostNameRight() throws Exception {
    try (ScriptedServer registry = elsewhere.server(HostTlsIT::tags)) {
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .host(
                  RegistryHost.builder(registry.host()).authority(elsewhere.certificate()).build());
      assertThat(failure(options, registry.host())).hasMessageContaining("not trusted");
    }
  }

  @Test
  void theAuthorityOfARegistryCountsForWhereItLeads() throws Exception {
    try (ScriptedServer store = server.server(HostTlsIT::tags);
        ScriptedServer registry =
            server.server(
                (request, reply) -> reply.send(302, Map.of("Location", store.url("/elsewhere"))))) {
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .host(RegistryHost.builder(registry.host()).authority(server.certificate()).build());
      assertThat(tags(options, registry.host())).containsExactly("v1");
      assertThat(failure(options, store.host())).hasMessageContaining("not trusted");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC PKCS#8", "RSA PKCS#8", "RSA PKCS#1", "EC SEC 1", "encrypted"})
  void provesWhoItIsByACertificate(String form) throws Exception {
    KeyFiles client = form.startsWith("RSA") ? rsa : ec;
    Path key =
        switch (form) {
          case "RSA PKCS#1" -> client.rsaKey();
          case "EC SEC 1" -> client.ecKey();
          case "encrypted" -> client.encryptedKey("pass phrase");
          default -> client.key();
        };
    try (ScriptedServer registry = server.server(client, HostTlsIT::tags)) {
      RegistryHost.Builder host =
          RegistryHost.builder(registry.host()).authority(server.certificate());
      SealerException e = failure(RegistryOptions.builder().host(host.build()), registry.host());
      assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
      assertThat(registry.requests).isEmpty();

      host.clientCertificate(client.certificate(), key, () -> "pass phrase".toCharArray());
      assertThat(tags(RegistryOptions.builder().host(host.build()), registry.host()))
          .containsExactly("v1");
    }
  }

  @Test
  void readsCertificatesLaidOutAsDockerHasThem() throws Exception {
    try (ScriptedServer registry = server.server(ec, HostTlsIT::tags)) {
      Path certificates = dir.resolve("certs.d");
      Path own = Files.createDirectories(certificates.resolve(registry.host()));
      Files.copy(server.certificate(), own.resolve("ca.crt"));
      Files.copy(ec.certificate(), own.resolve("client.cert"));
      Files.copy(ec.key(), own.resolve("client.key"));
      RegistryOptions.Builder options = RegistryOptions.builder().certificates(certificates);
      assertThat(tags(options, registry.host())).containsExactly("v1");
    }
  }

  @Test
  void readsCertificatesForAllFromTheDirectoryItself() throws Exception {
    try (ScriptedServer registry = server.server(ec, HostTlsIT::tags)) {
      Path flat = Files.createDirectories(dir.resolve("flat"));
      Files.copy(server.certificate(), flat.resolve("ca.crt"));
      Files.copy(ec.certificate(), flat.resolve("client.cert"));
      Files.copy(ec.key(), flat.resolve("client.key"));
      RegistryOptions.Builder options = RegistryOptions.builder().certificates(flat);
      assertThat(tags(options, registry.host())).containsExactly("v1");
    }
  }

  @Test
  void takesAnyCertificateOnlyWhereCalledInsecure() throws Exception {
    try (ScriptedServer registry = elsewhere.server(HostTlsIT::tags);
        ScriptedServer other = elsewhere.server(HostTlsIT::tags)) {
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .host(RegistryHost.builder(registry.host()).insecure(true).build());
      assertThat(tags(options, registry.host())).containsExactly("v1");
      assertThat(failure(options, other.host())).hasMessageContaining("not trusted");
    }
  }

  @Test
  void aFileThatIsNoneIsOneClearError() throws Exception {
    Path text = Files.writeString(dir.resolve("text.pem"), "not a certificate");
    Path broken =
        Files.writeString(
            dir.resolve("broken.pem"),
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    try (ScriptedServer registry = server.server(HostTlsIT::tags)) {
      RegistryHost.Builder host = RegistryHost.builder(registry.host());
      for (Path bad : List.of(text, broken, dir.resolve("missing.pem"), dir)) {
        SealerException e =
            failure(
                RegistryOptions.builder().host(host.build().toBuilder().authority(bad).build()),
                registry.host());
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(e).hasMessageContaining(bad.toString());
      }
    }
  }

  @Test
  void aKeyThatDoesNotFitIsOneClearErrorWithoutTheSecret() throws Exception {
    try (ScriptedServer registry = server.server(ec, HostTlsIT::tags)) {
      RegistryHost.Builder host = RegistryHost.builder(registry.host());
      KeyFiles other = KeyFiles.make(dir, "other", "EC", "dns:other.example");
      SealerException foreign =
          failure(
              RegistryOptions.builder()
                  .host(host.clientCertificate(ec.certificate(), other.key()).build()),
              registry.host());
      assertThat(foreign).hasMessageContaining("does not belong to the certificate");
      SealerException locked =
          failure(
              RegistryOptions.builder()
                  .host(
                      host.clientCertificate(
                              ec.certificate(),
                              ec.encryptedKey("right"),
                              () -> "wr0ng-secret".toCharArray())
                          .build()),
              registry.host());
      assertThat(locked).hasMessageContaining("the password is wrong").hasNoCause();
      assertThat(locked.toString() + locked.details()).doesNotContain("wr0ng");
    }
  }
}
