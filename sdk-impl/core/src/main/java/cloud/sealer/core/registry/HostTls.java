package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Speaks TLS by the settings of one registry. Certificates are read when they are first needed:
 * that takes longer than a request.
 */
final class HostTls implements TlsSocketStrategy {
  private final String name;
  private final Optional<RegistryHost> host;
  private final boolean own;
  private final CertificateDirectory certificates;
  private final Supplier<SSLContext> trusted;
  private @Nullable DefaultClientTlsStrategy strategy;

  /**
   * Reads nothing yet.
   *
   * @param name the registry; empty for those without settings
   * @param host its settings
   * @param own whether they are for the registry itself, not for a server it leads to
   * @param certificates certificates by registry
   * @param trusted what the JVM trusts, where nothing else is said
   */
  HostTls(
      String name,
      Optional<RegistryHost> host,
      boolean own,
      CertificateDirectory certificates,
      Supplier<SSLContext> trusted) {
    this.name = name;
    this.host = host;
    this.own = own;
    this.certificates = certificates;
    this.trusted = trusted;
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String target, int port, @Nullable Object attachment, HttpContext context)
      throws IOException {
    return strategy().upgrade(socket, target, port, attachment, context);
  }

  private synchronized DefaultClientTlsStrategy strategy() {
    DefaultClientTlsStrategy made = strategy;
    if (made == null) {
      made = make();
      strategy = made;
    }
    return made;
  }

  private DefaultClientTlsStrategy make() {
    boolean insecure = own && host.map(RegistryHost::insecure).orElse(false);
    List<Path> authorities = new ArrayList<>(certificates.authorities(name));
    host.ifPresent(known -> authorities.addAll(known.authorities()));
    KeyManager @Nullable [] keys = own ? keys() : null;
    if (!insecure && authorities.isEmpty() && keys == null) {
      return new DefaultClientTlsStrategy(trusted.get());
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      if (insecure) {
        context.init(keys, new TrustManager[] {new TrustsAnyone()}, null);
        return new DefaultClientTlsStrategy(
            context, HostnameVerificationPolicy.CLIENT, NoopHostnameVerifier.INSTANCE);
      }
      context.init(keys, trust(authorities), null);
      return new DefaultClientTlsStrategy(context);
    } catch (GeneralSecurityException | IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "no TLS with the certificates for " + name + ": " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  /** The authorities of the JVM and further ones, in one store, so that chains may end at any. */
  private static TrustManager[] trust(List<Path> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int number = 0;
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager known) {
        for (X509Certificate issuer : known.getAcceptedIssuers()) {
          store.setCertificateEntry("jvm-" + number++, issuer);
        }
      }
    }
    for (Path file : authorities) {
      for (Certificate authority : PemFile.certificates(file)) {
        store.setCertificateEntry("own-" + number++, authority);
      }
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() {
    Optional<RegistryHost.ClientCertificate> given = host.flatMap(RegistryHost::clientCertificate);
    Optional<Path> found = certificates.clientCertificate(name);
    if (given.isEmpty() && found.isEmpty()) {
      return null;
    }
    Path file = given.map(RegistryHost.ClientCertificate::certificate).orElseGet(found::get);
    Path keyFile =
        given
            .map(RegistryHost.ClientCertificate::key)
            .orElseGet(() -> CertificateDirectory.key(file));
    Supplier<char[]> password =
        given.map(RegistryHost.ClientCertificate::password).orElse(() -> new char[0]);
    List<? extends Certificate> chain = PemFile.certificates(file);
    PrivateKey key = PemFile.privateKey(keyFile, chain.get(0).getPublicKey(), password);
    char[] inMemory = {'-'};
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("client", key, inMemory, chain.toArray(new Certificate[0]));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, inMemory);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw PemFile.unusable("client certificate", file, String.valueOf(e.getMessage()), e);
    } finally {
      Arrays.fill(inMemory, ' ');
    }
  }

  /** For a registry the user has called insecure by name. */
  private static final class TrustsAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
