package cloud.sealer.sdk;

import java.util.Objects;

/**
 * An artifact that is attached to an image: a signature, an attestation, a bill of materials.
 *
 * @param subject what it is attached to: an index, the manifest of one platform, or another
 *     referrer
 * @param artifactType what it is, as a media type; of what cosign keeps by tag the type it has as a
 *     referrer
 * @param descriptor its manifest, with the annotations of that
 */
public record Referrer(Digest subject, String artifactType, Descriptor descriptor) {
  /** The type of a signature that cosign keeps by tag. */
  public static final String COSIGN_SIGNATURE = "application/vnd.dev.cosign.artifact.sig.v1+json";

  /** Checks the parts. */
  public Referrer {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(artifactType, "artifactType");
    Objects.requireNonNull(descriptor, "descriptor");
  }
}
