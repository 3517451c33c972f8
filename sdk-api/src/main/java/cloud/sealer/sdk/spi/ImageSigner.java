package cloud.sealer.sdk.spi;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;

/**
 * Signs images with a key that it alone knows: one in memory, in a key management service, in a
 * hardware module.
 *
 * <p>The signature is what cosign makes of a key of that kind: ECDSA with SHA-256 as ASN.1 DER, RSA
 * PKCS#1 v1.5 with SHA-256, or Ed25519.
 */
@FunctionalInterface
public interface ImageSigner {
  /**
   * Signs a payload.
   *
   * @param payload the bytes to sign, not hashed yet; a few hundred of them
   * @return the signature
   * @throws IOException if the service or device cannot be reached
   * @throws GeneralSecurityException if it refuses
   */
  byte[] sign(byte[] payload) throws IOException, GeneralSecurityException;

  /**
   * Signs with a key of the Java platform, also one that never leaves a PKCS#11 device.
   *
   * @param key an EC, RSA or Ed25519 key
   * @return the signer
   * @throws IllegalArgumentException if the key is of another kind
   */
  static ImageSigner of(PrivateKey key) {
    String algorithm = SignatureAlgorithms.of(key);
    return payload -> {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(payload);
      return signature.sign();
    };
  }
}
