package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes digests. */
final class Hashing {
  private Hashing() {}

  static MessageDigest start(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm.equals("sha512") ? "SHA-512" : "SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  static Digest finish(MessageDigest hash) {
    return Digest.sha256(HexFormat.of().formatHex(hash.digest()));
  }

  static Digest sha256(byte[] bytes) {
    return Digest.sha256(HexFormat.of().formatHex(start("sha256").digest(bytes)));
  }

  static Digest of(Path file, String algorithm) throws IOException {
    MessageDigest hash = start(algorithm);
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.update(buffer, 0, n);
      }
    }
    return new Digest(algorithm, HexFormat.of().formatHex(hash.digest()));
  }
}
