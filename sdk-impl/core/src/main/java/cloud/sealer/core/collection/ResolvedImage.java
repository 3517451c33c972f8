package cloud.sealer.core.collection;

import cloud.sealer.core.image.OciManifest;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Reference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A container image whose documents are at hand: what its name points to, and all documents on the
 * way to the manifest of the platform.
 *
 * @param reference its name
 * @param root what the name points to: an index or the manifest
 * @param manifest the content of the manifest of the platform
 * @param manifestDigest the digest of that manifest
 * @param documents the bytes of every index and manifest on the way, by digest, outermost first
 * @param config the bytes of its configuration
 */
@SuppressWarnings("ArrayRecordComponent")
record ResolvedImage(
    Reference reference,
    Descriptor root,
    OciManifest manifest,
    Digest manifestDigest,
    Map<Digest, byte[]> documents,
    byte[] config) {
  ResolvedImage {
    documents = new LinkedHashMap<>(documents);
  }

  long size() {
    return manifest.config().size() + manifest.layers().stream().mapToLong(Descriptor::size).sum();
  }
}
