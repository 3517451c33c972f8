package cloud.sealer.sdk;

import java.nio.file.Path;
import java.util.List;

/**
 * The cluster images of one store. Thread-safe, also against other processes on the same store.
 *
 * <p>Names may be short; they are completed with the {@linkplain Sealer.Builder#names defaults} of
 * the {@link Sealer}. Methods without a listener report nothing.
 */
public interface Images {
  /**
   * All named images. One whose documents are damaged or missing is there without platforms.
   *
   * @return the images, sorted by name
   */
  List<ClusterImage> list();

  /**
   * Looks at one image.
   *
   * @param name its name, or the digest of its index, or at least four leading digits of that
   * @return the image
   * @throws SealerException with {@link ErrorCode#IMAGE_NOT_FOUND}
   */
  ClusterImage inspect(String name);

  /**
   * Gives an image another name, taking the name from an image that has it.
   *
   * @param source its name or digest
   * @param target the new name
   * @throws SealerException with {@link ErrorCode#IMAGE_NOT_FOUND}
   */
  void tag(String source, String target);

  /**
   * Takes a name away. What no other name needs stays until {@link #prune}.
   *
   * @param name the name
   * @throws SealerException with {@link ErrorCode#IMAGE_NOT_FOUND}
   */
  void remove(String name);

  /**
   * Deletes every blob that no name needs, what dead processes left, and cache entries without
   * their layers. Blobs that a running process works on stay.
   *
   * @return what was deleted
   */
  PruneResult prune();

  /**
   * Writes an image into one file: an OCI image layout as tar. Nothing is left of a failed save.
   *
   * @param name the image
   * @param archive the file to make; an existing file is replaced
   * @param listener who hears of progress
   */
  void save(String name, Path archive, EventListener listener);

  /**
   * Reads images from a file that {@link #save} or another tool wrote: an OCI image layout as tar.
   * All blobs are verified before a name changes.
   *
   * @param archive the file
   * @param listener who hears of progress
   * @return the images, under the names the archive gives them
   */
  List<ClusterImage> load(Path archive, EventListener listener);

  /**
   * Sends an image to the registry of its name. Blobs that are there already are not sent.
   *
   * @param name the image in the store, which is also its name at the registry
   * @param listener who hears of progress
   * @return the digest it has at the registry, which is the one it has here
   */
  Digest push(String name, EventListener listener);

  /**
   * Gets an image from the registry of its name. Blobs that are here already are not fetched.
   *
   * @param name the image
   * @param listener who hears of progress
   * @return the image
   */
  ClusterImage pull(String name, EventListener listener);

  /**
   * Reads every blob of an image, checks it against its digest, and checks that every container
   * image of the metadata is complete.
   *
   * @param name the image
   * @param listener who hears of progress
   * @return what was checked and what is wrong
   */
  VerifyReport verify(String name, EventListener listener);

  /**
   * What {@link #prune} deleted.
   *
   * @param blobs how many blobs
   * @param bytes how many bytes on disk
   */
  record PruneResult(int blobs, long bytes) {}

  /**
   * What {@link #verify} found.
   *
   * @param blobs how many blobs were read
   * @param bytes how many bytes were read
   * @param problems one sentence for each thing that is wrong; empty if all is well
   */
  record VerifyReport(int blobs, long bytes, List<String> problems) {
    /** Copies the list. */
    public VerifyReport {
      problems = List.copyOf(problems);
    }

    /**
     * Whether all is well.
     *
     * @return true if there is no problem
     */
    public boolean ok() {
      return problems.isEmpty();
    }
  }
}
