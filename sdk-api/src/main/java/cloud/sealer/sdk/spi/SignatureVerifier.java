package cloud.sealer.sdk.spi;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** Knows which signatures of images to trust. The other half of an {@link ImageSigner}. */
@FunctionalInterface
public interface SignatureVerifier {
  /**
   * Whether somebody who is trusted signed a payload.
   *
   * @param payload the bytes that were signed, not hashed yet
   * @param signature the signature
   * @return false if it is of anybody else, or no signature at all
   * @throws IOException if a service or device that must be asked cannot be reached
   * @throws GeneralSecurityException if the check cannot be done
   */
  boolean verify(byte[] payload, byte[] signature) throws IOException, GeneralSecurityException;

  /**
   * Trusts the owner of a key.
   *
   * @param key an EC, RSA or Ed25519 key
   * @return the verifier
   * @throws IllegalArgumentException if the key is of another kind
   */
  static SignatureVerifier of(PublicKey key) {
    String algorithm = SignatureAlgorithms.of(key);
    return (payload, bytes) -> {
      Signature signature = Signature.getInstance(algorithm);
      signature.initVerify(key);
      signature.update(payload);
      try {
        return signature.verify(bytes);
      } catch (SignatureException e) {
        return false; // not even of the form of a signature
      }
    };
  }
}
