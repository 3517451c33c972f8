package cloud.sealer.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import net.schmizz.sshj.common.Buffer;

/** Public keys as SSH writes them (RFC 4253, section 6.6). */
final class HostKeys {
  private HostKeys() {}

  static byte[] blob(PublicKey key) {
    return new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
  }

  /** The name a blob begins with, such as {@code ssh-ed25519}. */
  static String type(byte[] blob) {
    int length = blob.length < 4 ? -1 : ByteBuffer.wrap(blob).getInt();
    return length < 0 || length > blob.length - 4
        ? "unknown"
        : new String(blob, 4, length, StandardCharsets.US_ASCII);
  }

  /** What {@code ssh-keygen -l} prints: {@code SHA256:} and base 64 without padding. */
  static String fingerprint(byte[] blob) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
