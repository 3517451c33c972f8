package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.spi.LayerStore;
import java.time.Instant;
import java.util.List;

/** Writes the documents of a new image: configuration, manifest, index. */
public final class ImageWriter {
  private ImageWriter() {}

  /**
   * What an image is made of.
   *
   * @param platform the platform
   * @param layers the layers, lowest first
   * @param diffIds their uncompressed digests, in the same order
   * @param history what made them
   * @param metadata what is known of the image
   * @param created the time it carries
   */
  public record Content(
      Platform platform,
      List<Descriptor> layers,
      List<Digest> diffIds,
      List<OciConfig.History> history,
      ClusterImage.Metadata metadata,
      Instant created) {}

  /** Writes configuration and manifest for one platform, and returns the manifest for an index. */
  public static Descriptor manifest(LayerStore.Session session, Content content) {
    OciConfig config = new OciConfig(content.platform(), content.diffIds(), content.history());
    Descriptor configBlob =
        document(session, MediaType.OCI_CONFIG, config.toJson(content.created()));
    OciManifest manifest =
        new OciManifest(configBlob, content.layers(), MetadataCodec.write(content.metadata()));
    return document(session, MediaType.OCI_MANIFEST, manifest.toJson(MediaType.OCI_MANIFEST))
        .withPlatform(content.platform());
  }

  /** Writes the index of manifests, and returns its descriptor. */
  public static Descriptor index(LayerStore.Session session, List<Descriptor> manifests) {
    return document(session, MediaType.OCI_INDEX, new OciIndex(manifests).toJson());
  }

  private static Descriptor document(LayerStore.Session session, MediaType type, byte[] bytes) {
    return new Descriptor(type, Documents.write(session, bytes), bytes.length);
  }
}
