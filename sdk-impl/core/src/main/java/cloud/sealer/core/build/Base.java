package cloud.sealer.core.build;

import cloud.sealer.core.image.OciConfig;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import java.util.List;
import java.util.Optional;

/**
 * What a build starts from.
 *
 * @param reference the name of the base image; empty for scratch
 * @param digest the digest of its manifest; empty for scratch
 * @param platform the platform
 * @param layers its layers, lowest first
 * @param diffIds their uncompressed digests
 * @param history what made them
 * @param metadata what is known of it
 */
record Base(
    Optional<Reference> reference,
    Optional<Digest> digest,
    Platform platform,
    List<Descriptor> layers,
    List<Digest> diffIds,
    List<OciConfig.History> history,
    ClusterImage.Metadata metadata) {

  static Base scratch(Platform platform) {
    return new Base(
        Optional.empty(),
        Optional.empty(),
        platform,
        List.of(),
        List.of(),
        List.of(),
        ClusterImage.Metadata.builder().build());
  }
}
