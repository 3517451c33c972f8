package cloud.sealer.sdk.spi;

import java.security.Key;

/** Which signatures cosign makes with which keys, by the names of the Java platform. */
final class SignatureAlgorithms {
  private SignatureAlgorithms() {}

  static String of(Key key) {
    return switch (key.getAlgorithm()) {
      case "EC", "ECDSA" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      case "Ed25519", "EdDSA" -> "Ed25519";
      default ->
          throw new IllegalArgumentException(
              "images are signed with EC, RSA or Ed25519 keys, got " + key.getAlgorithm());
    };
  }
}
