package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.SharedValues;
import cloud.sealer.kubernetes.yaml.YamlNode.Mapping;
import cloud.sealer.kubernetes.yaml.YamlNode.Scalar;
import cloud.sealer.kubernetes.yaml.YamlWriter;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.HostSession;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * The secrets that let hosts join in one run, made here so that nothing that kubeadm prints is ever
 * read: a <a
 * href="https://kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens/">bootstrap
 * token</a>, and the key of the certificates that control planes share. Both end by themselves
 * after two hours at most.
 */
final class JoinToken {
  private static final Duration LIFETIME = Duration.ofHours(1);
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 6;
  private static final int SECRET_LENGTH = 16;
  private static final int KEY_BYTES = 32;
  private static final String AUTHORITY = "/etc/kubernetes/pki/ca.crt";

  private final Clock clock;
  private final SecureRandom random;

  JoinToken(Clock clock, SecureRandom random) {
    this.clock = clock;
    this.random = random;
  }

  /** The token of a run; the API server need not know it yet. */
  Secret token(SharedValues shared) {
    return shared.once(
        "join token", Secret.class, () -> Secret.of(text(ID_LENGTH) + "." + text(SECRET_LENGTH)));
  }

  /** The key of the shared certificates of a run. */
  Secret certificateKey(SharedValues shared) {
    return shared.once(
        "certificate key",
        Secret.class,
        () -> {
          byte[] key = new byte[KEY_BYTES];
          random.nextBytes(key);
          return Secret.of(HexFormat.of().formatHex(key));
        });
  }

  /** Makes the API server accept the token of the run. */
  void announce(SharedValues shared, HostSession controlPlane) {
    Secret token = token(shared);
    shared.once(
        "join token is known",
        Boolean.class,
        () -> {
          new Kubectl(controlPlane).apply(new YamlWriter().write(object(token)));
          return true;
        });
  }

  private String text(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private Mapping object(Secret token) {
    String[] parts = token.reveal().split("\\.", 2);
    Mapping metadata =
        Mapping.EMPTY
            .with("name", Scalar.text("bootstrap-token-" + parts[0]))
            .with("namespace", Scalar.text("kube-system"));
    Mapping data =
        Mapping.EMPTY
            .with("token-id", Scalar.text(parts[0]))
            .with("token-secret", Scalar.text(parts[1]))
            .with(
                "expiration",
                Scalar.text(
                    clock.instant().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS).toString()))
            .with("usage-bootstrap-authentication", Scalar.text("true"))
            .with("usage-bootstrap-signing", Scalar.text("true"))
            .with(
                "auth-extra-groups",
                Scalar.text("system:bootstrappers:kubeadm:default-node-token"));
    return Mapping.EMPTY
        .with("apiVersion", Scalar.text("v1"))
        .with("kind", Scalar.text("Secret"))
        .with("metadata", metadata)
        .with("type", Scalar.text("bootstrap.kubernetes.io/token"))
        .with("stringData", data);
  }

  /** What joining hosts check the cluster's authority against: the hash of its public key. */
  static String authorityHash(SharedValues shared, HostSession controlPlane) {
    return shared.once(
        "hash of the authority",
        String.class,
        () -> {
          ByteArrayOutputStream pem = new ByteArrayOutputStream();
          controlPlane.download(AUTHORITY, pem);
          try {
            byte[] key =
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.toByteArray()))
                    .getPublicKey()
                    .getEncoded();
            return "sha256:" + Hashing.sha256().hashBytes(key);
          } catch (CertificateException e) {
            throw SealerException.builder(
                    ErrorCode.HOST_IO,
                    controlPlane.host().address() + ": " + AUTHORITY + " is no certificate")
                .remedy("is this host still part of the cluster?")
                .cause(e)
                .build();
          }
        });
  }
}
