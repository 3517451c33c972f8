package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One container image that a cluster image names, and whether the {@code registry/} tree of that
 * cluster image can serve it: by its tag and by its digest, with every document and blob that a
 * node of the platform would ask for.
 *
 * @param platform the platform it was looked for
 * @param image its full name, or the text as it stands where that is no name
 * @param origins every place that names it; empty if only the metadata of the image do
 * @param digest what the name resolves to in the image
 * @param outcome what was found
 * @param reason why it is not {@link Outcome#OK}, as half a sentence; empty otherwise
 */
public record ReferenceProof(
    Platform platform,
    String image,
    List<ImageOrigin> origins,
    Optional<Digest> digest,
    Outcome outcome,
    String reason) {
  /** Whether a name can be served. */
  public enum Outcome {
    /** By tag and digest, whole. */
    OK,
    /** The image does not have it, or not all of it. */
    MISSING,
    /** A document or blob of it does not have its digest, or says something else than promised. */
    DAMAGED,
    /** What stands there must be an image, but is none; whether it fails, a policy says. */
    UNRESOLVED,
    /** What stands there may be an image, which is not there; whether it fails, a policy says. */
    SUSPECTED
  }

  /** Checks and copies the parts. */
  public ReferenceProof {
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(reason, "reason");
    origins = List.copyOf(origins);
  }
}
