package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A running hash that gives {@link Digest}s. It uses the JDK's implementation, which has intrinsics
 * for the processor's own instructions.
 */
final class Hash {
  private final String algorithm;
  private final MessageDigest state;

  private Hash(String algorithm, MessageDigest state) {
    this.algorithm = algorithm;
    this.state = state;
  }

  static Hash sha256() {
    return of("sha256");
  }

  /** A hash by the name it has in digests: {@code sha256} or {@code sha512}. */
  static Hash of(String algorithm) {
    String name = algorithm.equals("sha512") ? "SHA-512" : "SHA-256";
    try {
      return new Hash(algorithm, MessageDigest.getInstance(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + name, e);
    }
  }

  void update(byte[] bytes, int offset, int length) {
    state.update(bytes, offset, length);
  }

  void reset() {
    state.reset();
  }

  /** The digest of what has come so far; more may follow. */
  Digest digest() {
    try {
      byte[] value = ((MessageDigest) state.clone()).digest();
      return new Digest(algorithm, HexFormat.of().formatHex(value));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the hashes of the JDK can be copied", e);
    }
  }
}
