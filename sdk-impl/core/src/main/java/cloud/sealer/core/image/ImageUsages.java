package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.StoreUsage.ImageUsage;
import cloud.sealer.sdk.spi.LayerStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts which names need which blobs of a store. */
final class ImageUsages {
  private final LayerStore store;

  ImageUsages(LayerStore store) {
    this.store = store;
  }

  List<ImageUsage> of(Map<Reference, Descriptor> images) {
    Map<Reference, Set<Digest>> blobs = new LinkedHashMap<>();
    Map<Digest, Integer> users = new HashMap<>();
    images.forEach((reference, image) -> blobs.put(reference, blobs(image)));
    blobs.values().forEach(all -> all.forEach(blob -> users.merge(blob, 1, Integer::sum)));
    List<ImageUsage> usages = new ArrayList<>();
    images.forEach(
        (reference, image) -> {
          long own = 0;
          long shared = 0;
          for (Digest blob : blobs.getOrDefault(reference, Set.of())) {
            long size = store.size(blob).orElse(0);
            if (users.getOrDefault(blob, 0) == 1) {
              own += size;
            } else {
              shared += size;
            }
          }
          usages.add(new ImageUsage(reference, image.digest(), own, shared));
        });
    return usages;
  }

  /** What is known of an image; one that is damaged must not hide the others. */
  private Set<Digest> blobs(Descriptor image) {
    Set<Digest> blobs = new HashSet<>();
    blobs.add(image.digest());
    try {
      new ImageReader(store).blobs(image).forEach(blob -> blobs.add(blob.digest()));
    } catch (SealerException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e;
      }
    }
    return blobs;
  }
}
