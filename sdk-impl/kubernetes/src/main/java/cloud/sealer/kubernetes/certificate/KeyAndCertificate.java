package cloud.sealer.kubernetes.certificate;

import cloud.sealer.sdk.Secret;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A certificate with its private key. Immutable.
 *
 * <p>Keys are on the curve P-256, in PKCS #8; both are read and written as PEM (RFC 7468).
 */
public final class KeyAndCertificate {
  private static final int LINE = 64;
  private static final int SAN_DNS = 2;
  private static final int SAN_IP = 7;

  private final PrivateKey key;
  private final X509Certificate certificate;

  KeyAndCertificate(PrivateKey key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /**
   * Reads a pair.
   *
   * @throws GeneralSecurityException if either text is not PEM of its kind
   */
  public static KeyAndCertificate read(Secret key, String certificate)
      throws GeneralSecurityException {
    byte[] encoded;
    try {
      encoded =
          Base64.getMimeDecoder().decode(key.reveal().replaceAll("-----[A-Z ]+-----", "").strip());
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the key is not PEM", e);
    }
    return new KeyAndCertificate(
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded)),
        certificate(certificate));
  }

  private static X509Certificate certificate(String pem) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  /** When a certificate ends; the earliest end of several; empty if the text has none. */
  public static Optional<Instant> end(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(each -> ((X509Certificate) each).getNotAfter().toInstant())
          .min(Comparator.naturalOrder());
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  /** The names that a certificate is for; none if the text is no certificate. */
  public static Set<String> names(String pem) {
    try {
      return names(certificate(pem));
    } catch (CertificateException e) {
      return Set.of();
    }
  }

  private static Set<String> names(X509Certificate certificate) throws CertificateException {
    Set<String> names = new HashSet<>();
    Collection<List<?>> all = certificate.getSubjectAlternativeNames();
    if (all != null) {
      for (List<?> each : all) {
        if (each.get(0).equals(SAN_DNS) || each.get(0).equals(SAN_IP)) {
          names.add((String) each.get(1));
        }
      }
    }
    return CertificateAuthority.canonical(names);
  }

  PrivateKey key() {
    return key;
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** Whether the certificate is still valid at some time. */
  public boolean validAt(Instant time) {
    return !certificate.getNotAfter().toInstant().isBefore(time);
  }

  /** The certificate as PEM. */
  public String certificatePem() {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalStateException("a certificate that was read cannot be written", e);
    }
  }

  /** The private key as PEM. */
  public Secret keyPem() {
    return Secret.of(pem("PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(String type, byte[] bytes) {
    String text = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
  }
}
