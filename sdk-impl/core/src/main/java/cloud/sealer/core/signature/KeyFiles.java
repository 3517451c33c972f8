package cloud.sealer.core.signature;

import cloud.sealer.core.registry.PemFile;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.ImageSigner;
import cloud.sealer.sdk.spi.SignatureVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the keys of signatures from files: PEM, and the form of cosign's own private keys. */
final class KeyFiles {
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");
  private static final String PRIVATE = "private key";
  private static final String PUBLIC = "public key";

  private KeyFiles() {}

  static ImageSigner signer(Path file, Optional<Secret> passphrase) {
    PemFile.Block block =
        PemFile.blocks(PRIVATE, file).stream()
            .filter(known -> known.label().endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(() -> PemFile.unusable(PRIVATE, file, "there is none in it", null));
    boolean encrypted = block.label().startsWith("ENCRYPTED");
    if (encrypted && passphrase.isEmpty()) {
      throw PemFile.unusable(PRIVATE, file, "it is encrypted, and no passphrase is given", null);
    }
    char[] secret = passphrase.map(Secret::reveal).orElse("").toCharArray();
    try {
      PKCS8EncodedKeySpec key =
          CosignKey.isOne(block)
              ? CosignKey.decrypt(block, file, secret)
              : PemFile.pkcs8(block, file, secret::clone);
      return ImageSigner.of(privateKey(key));
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      // Without the cause: nothing of a key or passphrase may end up in a trace.
      throw PemFile.unusable(
          PRIVATE,
          file,
          encrypted
              ? "the passphrase is wrong, or it is encrypted in an unknown way"
              : "it is damaged, or no EC, RSA or Ed25519 key",
          null);
    } finally {
      Arrays.fill(secret, ' ');
    }
  }

  static SignatureVerifier verifier(Path file) {
    PemFile.Block block =
        PemFile.blocks(PUBLIC, file).stream()
            .filter(known -> !known.label().endsWith("PRIVATE KEY"))
            .findFirst()
            .orElseThrow(() -> noPublicKey(file));
    try {
      return SignatureVerifier.of(publicKey(block));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw PemFile.unusable(PUBLIC, file, "it is damaged, or no EC, RSA or Ed25519 key", e);
    }
  }

  private static SealerException noPublicKey(Path file) {
    boolean secret =
        PemFile.blocks(PUBLIC, file).stream()
            .anyMatch(block -> block.label().endsWith("PRIVATE KEY"));
    return PemFile.unusable(
        PUBLIC,
        file,
        secret
            ? "it is a private key; openssl pkey -pubout makes the public one of it"
            : "there is no BEGIN PUBLIC KEY in it",
        null);
  }

  private static PublicKey publicKey(PemFile.Block block) throws GeneralSecurityException {
    if (block.label().endsWith("CERTIFICATE")) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(block.bytes()))
          .getPublicKey();
    }
    X509EncodedKeySpec spec = new X509EncodedKeySpec(block.bytes());
    return any(factory -> factory.generatePublic(spec));
  }

  private static PrivateKey privateKey(PKCS8EncodedKeySpec spec) throws GeneralSecurityException {
    return any(factory -> factory.generatePrivate(spec));
  }

  /** Makes a key with the factory of one algorithm. */
  @FunctionalInterface
  private interface Maker<K> {
    K make(KeyFactory factory) throws GeneralSecurityException;
  }

  /** A key says of what algorithm it is, but only its factory can read that. */
  private static <K> K any(Maker<K> maker) throws GeneralSecurityException {
    GeneralSecurityException last = new InvalidKeySpecException("unknown key");
    for (String algorithm : ALGORITHMS) {
      try {
        return maker.make(KeyFactory.getInstance(algorithm));
      } catch (InvalidKeySpecException e) {
        last = e;
      }
    }
    throw last;
  }
}
