package cloud.sealer.core.layer;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import java.util.Objects;

/**
 * A layer in a store.
 *
 * @param descriptor its blob
 * @param diffId the digest of its uncompressed tar, as the configuration of an image lists it
 * @param uncompressedSize the length of that tar; -1 if unknown
 */
public record WrittenLayer(Descriptor descriptor, Digest diffId, long uncompressedSize) {
  /** Checks the parts. */
  public WrittenLayer {
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(diffId, "diffId");
  }
}
