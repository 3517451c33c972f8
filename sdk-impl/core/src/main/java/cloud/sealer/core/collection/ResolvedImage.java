package cloud.sealer.core.collection;

import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.OciIndex;
import cloud.sealer.core.image.PlatformSearch;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.Manifest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container image whose documents are at hand.
 *
 * @param reference its name
 * @param root what the name points to: an index or a manifest
 * @param contents what it has for each platform that is wanted
 * @param missing why it has nothing for the others
 */
record ResolvedImage(
    Reference reference,
    Manifest root,
    Map<Platform, PlatformSearch.Found> contents,
    Map<Platform, SealerException> missing) {
  ResolvedImage {
    contents = Collections.unmodifiableMap(new LinkedHashMap<>(contents));
    missing = Collections.unmodifiableMap(new LinkedHashMap<>(missing));
  }

  Digest digest() {
    return root.descriptor().digest();
  }

  /** Every index and manifest that leads to its contents. */
  Map<Digest, byte[]> documents() {
    Map<Digest, byte[]> documents = new LinkedHashMap<>();
    for (PlatformSearch.Found content : contents.values()) {
      content
          .path()
          .forEach(document -> documents.put(document.descriptor().digest(), document.bytes()));
    }
    return documents;
  }

  /**
   * What the tag is to point to: the index of exactly the contents. An index that lists images
   * which are not there is an error to what copies or loads it.
   */
  Manifest served() {
    if (!root.descriptor().mediaType().isIndex() || contents.isEmpty()) {
      return root;
    }
    List<Descriptor> kept = new ArrayList<>();
    contents.forEach(
        (platform, content) -> {
          Descriptor manifest = content.descriptor();
          kept.add(
              new Descriptor(
                  manifest.mediaType(), manifest.digest(), manifest.size(), platform, Map.of()));
        });
    byte[] bytes = OciIndex.subset(root.bytes(), kept, digest());
    Digest served = Documents.digest(bytes, digest());
    return new Manifest(new Descriptor(root.descriptor().mediaType(), served, bytes.length), bytes);
  }
}
