package cloud.sealer.core.build;

import cloud.sealer.sdk.Digest;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * A hash over named parts. Parts are written with their lengths, so different parts never look
 * alike.
 */
final class Fingerprint {
  private final Hasher hasher = Hashing.sha256().newHasher();

  /** Adds a part. */
  Fingerprint add(String name, Object value) {
    put(name);
    put(value.toString());
    return this;
  }

  private void put(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hasher.putInt(bytes.length);
    hasher.putBytes(bytes);
  }

  /** The hash of all parts; ends this. */
  Digest digest() {
    return Digest.sha256(hasher.hash().toString());
  }
}
