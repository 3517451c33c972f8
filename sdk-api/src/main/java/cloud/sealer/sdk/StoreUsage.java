package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * How a store uses its disk.
 *
 * @param images the named images, sorted by name
 * @param bytes all files of the store: blobs, unfinished downloads, working directories, records
 * @param reclaimable what {@link Images#prune()} would delete now
 */
public record StoreUsage(List<ImageUsage> images, long bytes, PruneResult reclaimable) {
  /** Checks and copies the parts. */
  public StoreUsage {
    Objects.requireNonNull(reclaimable, "reclaimable");
    images = List.copyOf(images);
  }

  /**
   * How much of the disk one image uses. The same image under two names shares all of it.
   *
   * @param reference its name
   * @param digest its digest
   * @param own the bytes of blobs that no other name needs: what removing it would free
   * @param shared the bytes of blobs that other names need too
   */
  public record ImageUsage(Reference reference, Digest digest, long own, long shared) {
    /** Checks the parts. */
    public ImageUsage {
      Objects.requireNonNull(reference, "reference");
      Objects.requireNonNull(digest, "digest");
    }
  }
}
