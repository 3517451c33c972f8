package cloud.sealer.kubernetes.certificate;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes the authority that the hosts of a cluster trust, and certificates of servers signed by it.
 * Thread-safe.
 */
public final class CertificateAuthority {
  /** How long an authority is valid: as long as kubeadm's. */
  static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);

  /** How long a server's certificate is valid. */
  public static final Duration SERVER_LIFETIME = Duration.ofDays(3 * 365);

  /** With less than this left, a change of the cluster makes a new one. */
  public static final Duration RENEW_BEFORE = Duration.ofDays(365);

  private static final Duration CLOCK_SKEW = Duration.ofHours(1);
  private static final int SERIAL_BITS = 127;

  private final Clock clock;
  private final SecureRandom random;

  /** Makes certificates that begin now, by a clock. */
  public CertificateAuthority(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** A new authority, which may sign certificates of servers and no other authorities. */
  public KeyAndCertificate create(String name) {
    KeyPair pair = pair();
    X500Name subject = subject(name);
    try {
      X509v3CertificateBuilder builder =
          builder(subject, subject, pair, AUTHORITY_LIFETIME)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
              .addExtension(
                  Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      return sign(builder, pair, pair);
    } catch (CertIOException e) {
      throw defect(e);
    }
  }

  /**
   * A new certificate of a server.
   *
   * @param authority who signs it
   * @param names the DNS names and IP addresses it is for, of which the first is also its common
   *     name
   */
  public KeyAndCertificate issue(KeyAndCertificate authority, Collection<String> names) {
    KeyPair pair = pair();
    X500Name issuer =
        X500Name.getInstance(authority.certificate().getSubjectX500Principal().getEncoded());
    GeneralName[] alternatives =
        canonical(names).stream()
            .map(CertificateAuthority::generalName)
            .toArray(GeneralName[]::new);
    try {
      X509v3CertificateBuilder builder =
          builder(issuer, subject(names.iterator().next()), pair, SERVER_LIFETIME)
              .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
              .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
              .addExtension(
                  Extension.extendedKeyUsage,
                  false,
                  new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
              .addExtension(
                  Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
      return sign(
          builder, pair, new KeyPair(authority.certificate().getPublicKey(), authority.key()));
    } catch (CertIOException e) {
      throw defect(e);
    }
  }

  static Set<String> canonical(Collection<String> names) {
    Set<String> canonical = new TreeSet<>();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      canonical.add(lower.indexOf(':') >= 0 ? HostAddress.parse("[" + lower + "]").host() : lower);
    }
    return canonical;
  }

  private static GeneralName generalName(String name) {
    boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, KeyPair pair, Duration lifetime) {
    Instant now = clock.instant();
    return new JcaX509v3CertificateBuilder(
        issuer,
        new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
        Date.from(now.minus(CLOCK_SKEW)),
        Date.from(now.plus(lifetime)),
        subject,
        pair.getPublic());
  }

  private static X500Name subject(String name) {
    // An X.520 common name has at most 64 characters; it is only for people to read.
    return new X500NameBuilder(BCStyle.INSTANCE)
        .addRDN(BCStyle.O, "sealer")
        .addRDN(BCStyle.CN, name.length() <= 64 ? name : name.substring(0, 64))
        .build();
  }

  private KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw defect(e);
    }
  }

  private static KeyAndCertificate sign(
      X509v3CertificateBuilder builder, KeyPair pair, KeyPair signer) {
    try {
      return new KeyAndCertificate(
          pair.getPrivate(),
          new JcaX509CertificateConverter()
              .getCertificate(
                  builder.build(
                      new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()))));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw defect(e);
    }
  }

  private static SealerException defect(Exception cause) {
    return SealerException.builder(
            ErrorCode.INTERNAL, "cannot make a certificate: " + cause.getMessage())
        .cause(cause)
        .build();
  }
}
