package cloud.sealer.sdk;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a {@link SignatureCheck} found.
 *
 * @param image the name of the image
 * @param digest the digest that must be signed
 * @param signatures the signatures that hold and say what they must say
 * @param rejected one sentence for each signature that does not count
 */
public record SignatureReport(
    String image, Digest digest, List<Signature> signatures, List<String> rejected) {
  /** Checks and copies the parts. */
  public SignatureReport {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(digest, "digest");
    signatures = List.copyOf(signatures);
    rejected = List.copyOf(rejected);
  }

  /**
   * Whether the image is trusted.
   *
   * @return true if there is at least one signature that counts
   */
  public boolean trusted() {
    return !signatures.isEmpty();
  }

  /**
   * Returns if the image is trusted.
   *
   * @throws SealerException with {@link ErrorCode#UNTRUSTED} if not
   */
  public void requireTrusted() {
    if (trusted()) {
      return;
    }
    throw SealerException.builder(
            ErrorCode.UNTRUSTED,
            "image "
                + image
                + " ("
                + digest
                + ") has no signature by a trusted key"
                + (rejected.isEmpty() ? "" : ": " + String.join("; ", rejected)))
        .remedy(
            "sign it, or get it from who signs it: pull it again, since signatures come along;"
                + " or check that the key is the right one")
        .detail("reference", image)
        .detail("digest", digest)
        .build();
  }

  /**
   * A signature that holds.
   *
   * @param identity the repository it was made for, as it says itself
   * @param annotations what else it says
   */
  public record Signature(String identity, Map<String, String> annotations) {
    /** Checks and copies the parts. */
    public Signature {
      Objects.requireNonNull(identity, "identity");
      annotations = Map.copyOf(annotations);
    }
  }
}
