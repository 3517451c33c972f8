package cloud.sealer.kubernetes.record;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/** The short form of what a step depends on. */
public final class Fingerprint {
  private Fingerprint() {}

  /** The SHA-256 of a text, in hexadecimal digits. */
  public static String of(String inputs) {
    return Hashing.sha256().hashString(inputs, StandardCharsets.UTF_8).toString();
  }
}
