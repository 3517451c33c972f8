package cloud.sealer.kubernetes.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.now();
  private final CertificateAuthority maker =
      new CertificateAuthority(Clock.fixed(NOW, ZoneOffset.UTC), new SecureRandom());
  private final KeyAndCertificate authority = maker.create("registry of my-cluster");

  @ParameterizedTest
  @ValueSource(strings = {"sea.hub", "k8s.gcr.io", "127.0.0.1", "::1"})
  void aClientThatTrustsTheAuthorityAcceptsEveryNameOfTheServer(String name) throws Exception {
    KeyAndCertificate server =
        maker.issue(authority, List.of("sea.hub", "k8s.gcr.io", "127.0.0.1", "::1"));

    assertThat(handshake(server, name)).isEqualTo("sea.hub");
  }

  @Test
  void aClientRefusesANameTheServerHasNot() {
    KeyAndCertificate server = maker.issue(authority, List.of("sea.hub"));

    assertThatThrownBy(() -> handshake(server, "quay.io")).hasMessageContaining("quay.io");
  }

  @Test
  void aPairSurvivesItsText() throws Exception {
    KeyAndCertificate read = KeyAndCertificate.read(authority.keyPem(), authority.certificatePem());

    KeyAndCertificate server = maker.issue(read, List.of("sea.hub"));

    assertThat(handshake(server, "sea.hub")).isEqualTo("sea.hub");
    assertThat(read.certificatePem()).isEqualTo(authority.certificatePem());
  }

  @Test
  void tellsTheNamesOfACertificate() {
    String pem =
        maker.issue(authority, List.of("SEA.hub", "10.0.0.1", "fd00:0::1")).certificatePem();

    assertThat(KeyAndCertificate.names(pem)).containsExactly("10.0.0.1", "fd00::1", "sea.hub");
    assertThat(KeyAndCertificate.names("nothing")).isEmpty();
  }

  @Test
  void anAuthorityOutlivesItsServers() {
    assertThat(authority.validAt(NOW.plus(CertificateAuthority.SERVER_LIFETIME))).isTrue();
    assertThat(authority.validAt(NOW.plus(Duration.ofDays(3651)))).isFalse();
  }

  @Test
  void refusesAKeyThatIsNone() {
    assertThatThrownBy(
            () -> KeyAndCertificate.read(Secret.of("no key at all!"), authority.certificatePem()))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void registersNothingInTheJvm() {
    assertThat(Security.getProvider("BC")).isNull();
  }

  private String handshake(KeyAndCertificate server, String name) throws Exception {
    SSLContext serving = SSLContext.getInstance("TLS");
    serving.init(keys(server).getKeyManagers(), null, null);
    SSLContext asking = SSLContext.getInstance("TLS");
    asking.init(null, trust().getTrustManagers(), null);
    try (SSLServerSocket listener =
        (SSLServerSocket) serving.getServerSocketFactory().createServerSocket(0)) {
      Thread answerer =
          new Thread(
              () -> {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                  socket.startHandshake();
                } catch (java.io.IOException expectedWhenRefused) {
                  // the client's side tells
                }
              });
      answerer.start();
      try (java.net.Socket plain = new java.net.Socket("127.0.0.1", listener.getLocalPort());
          SSLSocket client =
              (SSLSocket)
                  asking
                      .getSocketFactory()
                      .createSocket(plain, name, listener.getLocalPort(), true)) {
        SSLParameters parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        client.startHandshake();
        X509Certificate seen = (X509Certificate) client.getSession().getPeerCertificates()[0];
        return seen.getSubjectX500Principal().getName().replaceAll(".*CN=([^,]*).*", "$1");
      } finally {
        answerer.join();
      }
    }
  }

  private static KeyManagerFactory keys(KeyAndCertificate server) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "server", server.key(), new char[0], new X509Certificate[] {server.certificate()});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory;
  }

  private TrustManagerFactory trust() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "authority",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(
                    authority.certificatePem().getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return factory;
  }
}
