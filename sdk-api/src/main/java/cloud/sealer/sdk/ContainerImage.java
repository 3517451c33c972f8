package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * A container image that a cluster image carries.
 *
 * @param reference its full name, as the cluster will ask for it
 * @param digest what that name resolved to: an index or a manifest
 * @param manifest the manifest of the platform
 * @param platform the platform it was collected for
 * @param size the bytes of its configuration and layers
 * @param files the files of the rootfs that name it, sorted
 */
public record ContainerImage(
    Reference reference,
    Digest digest,
    Digest manifest,
    Platform platform,
    long size,
    List<String> files) {
  /** Checks and copies the parts. */
  public ContainerImage {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(platform, "platform");
    files = List.copyOf(files);
  }
}
