package cloud.sealer.sdk;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The identity of a blob: hash algorithm and value, as in {@code sha256:6c3c62…}.
 *
 * <p>Follows the <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md#digests">digests
 * clause</a> of the OCI image specification; {@code sha256} and {@code sha512} are accepted.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex the hash in lower-case hexadecimal, 64 or 128 characters
 */
public record Digest(String algorithm, String hex) implements Comparable<Digest> {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]+");

  /** Checks the algorithm and the length and alphabet of the value. */
  public Digest {
    Objects.requireNonNull(algorithm, "algorithm");
    Objects.requireNonNull(hex, "hex");
    int length =
        switch (algorithm) {
          case "sha256" -> 64;
          case "sha512" -> 128;
          default ->
              throw new IllegalArgumentException(
                  "digest algorithm must be sha256 or sha512, got \"" + algorithm + "\"");
        };
    if (hex.length() != length || !HEX.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          algorithm
              + " digest needs "
              + length
              + " lower-case hexadecimal digits, got \""
              + hex
              + "\"");
    }
  }

  /**
   * Reads {@code algorithm:hex}.
   *
   * @param text the digest as it stands in a descriptor
   * @return the digest
   * @throws IllegalArgumentException if the text is not a digest of a known algorithm
   */
  public static Digest parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("digest must be algorithm:hex, got \"" + text + "\"");
    }
    return new Digest(text.substring(0, colon), text.substring(colon + 1));
  }

  /**
   * A SHA-256 digest.
   *
   * @param hex 64 lower-case hexadecimal digits
   * @return the digest
   */
  public static Digest sha256(String hex) {
    return new Digest("sha256", hex);
  }

  /** Orders by algorithm, then value. */
  @Override
  public int compareTo(Digest other) {
    int byAlgorithm = algorithm.compareTo(other.algorithm);
    return byAlgorithm != 0 ? byAlgorithm : hex.compareTo(other.hex);
  }

  /** Returns {@code algorithm:hex}. */
  @Override
  public String toString() {
    return algorithm + ":" + hex;
  }
}
