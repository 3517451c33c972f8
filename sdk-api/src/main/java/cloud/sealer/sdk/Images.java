package cloud.sealer.sdk;

import java.nio.file.Path;
import java.util.List;

/**
 * The cluster images of one store. Thread-safe, also against other processes on the same store.
 *
 * <p>Names may be short; they are completed with the {@linkplain Sealer.Builder#names defaults} of
 * the {@link Sealer}. Methods without a listener report nothing. Images in {@linkplain
 * Sealer.Builder#archive archives} that were given to the Sealer can be named like those of the
 * store.
 */
public interface Images {
  /**
   * All named images. One whose documents are damaged or missing is there without platforms.
   *
   * @return the images, sorted by name
   */
  List<ClusterImage> list();

  /**
   * The images of one of the {@linkplain Sealer.Builder#archive archives} that were given to the
   * Sealer.
   *
   * @param archive the archive, as it was given
   * @return its images, sorted by name; empty if it was not given
   */
  List<ClusterImage> archived(Path archive);

  /**
   * Looks at one image. The layers of an image of sealer 0.6 to 0.8 are read for the names of its
   * container images, which stand nowhere else.
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
   * Makes one image of several: the layers of all, in their order, each once; the commands,
   * arguments and container images of all. Where two have a file, an argument or a default
   * Clusterfile, the later one counts; the version of Kubernetes and the base are those of the
   * first that has one.
   *
   * @param name the name of the new image
   * @param sources two or more images; the new one has the platforms that all of them have
   * @return the new image
   * @throws SealerException with {@link ErrorCode#PLATFORM_NOT_FOUND} if they have no platform in
   *     common, {@link ErrorCode#IMAGE_COLLISION} if two want one name in the registry of the
   *     cluster with different contents
   */
  ClusterImage merge(String name, List<String> sources);

  /**
   * Deletes every blob that no name needs, what dead processes left, and cache entries without
   * their layers. Blobs that a running process works on stay.
   *
   * @return what was deleted
   */
  default PruneResult prune() {
    return prune(PruneOptions.DEFAULT);
  }

  /**
   * Deletes what is not needed as {@link #prune()} does, or less of it, or only counts it.
   *
   * @param options what to delete
   * @return what was deleted, or would be
   */
  PruneResult prune(PruneOptions options);

  /**
   * How the store uses its disk.
   *
   * @return the bytes of each image, of all, and what could be had back
   */
  StoreUsage usage();

  /**
   * Compares two images: what a cluster would get that changes from one to the other.
   *
   * @param from the first image
   * @param to the second image
   * @param listener who hears of progress
   * @return the differences
   */
  ImageDiff diff(String from, String to, EventListener listener);

  /**
   * Writes an image into one file: an OCI image layout as tar. Nothing is left of a failed save.
   *
   * @param name the image
   * @param archive the file to make; an existing file is replaced
   * @param listener who hears of progress
   */
  default void save(String name, Path archive, EventListener listener) {
    save(name, ArchiveOutput.file(archive), listener);
  }

  /**
   * Writes an image into an archive: an OCI image layout as tar, in one file or in parts. Every
   * blob is checked on the way. Nothing is left of a failed save.
   *
   * @param name the image
   * @param output where to write
   * @param listener who hears of progress
   */
  void save(String name, ArchiveOutput output, EventListener listener);

  /**
   * Writes an archive of only what an image adds to another. {@link #load} makes the whole image of
   * it, bit for bit, in a store that has the other.
   *
   * @param from the image that is there already
   * @param to the image to make there
   * @param output where to write
   * @param listener who hears of progress
   */
  void delta(String from, String to, ArchiveOutput output, EventListener listener);

  /**
   * Reads images from an archive that {@link #save}, {@link #delta} or another tool wrote: an OCI
   * image layout as tar, also compressed with gzip or zstd, or the directory or first part of one
   * in parts. All blobs are verified before a name changes.
   *
   * @param archive the file, the directory of the parts, or one of the parts
   * @param listener who hears of progress
   * @return the images, under the names the archive gives them
   * @throws SealerException with {@link ErrorCode#INVALID_ARCHIVE} if it is no such archive, a part
   *     is missing or damaged, or the image that a delta is for is not in the store; with {@link
   *     ErrorCode#DIGEST_MISMATCH} if a blob is damaged
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
   * Sends the container images of a cluster image to a registry, each under its own repository
   * below a prefix. Nothing that is there already is sent, and what one repository has is mounted
   * by the others, so the same call again goes on where one that failed stopped. Signatures and
   * what else the cluster image carries for them come along, with cosign's tags and as referrers;
   * those of an index of which it lacks platforms stay behind, with a notice.
   *
   * @param name the cluster image
   * @param target the registry and prefix, such as {@code registry.example.com:5000/mirror}
   * @param listener who hears of progress
   * @return where each is now, in the order of the old names
   */
  List<Relocation> relocate(String name, String target, EventListener listener);

  /**
   * Proves that an image is whole: as {@link #verify(String, DiscoveryPolicy, EventListener)} with
   * {@link DiscoveryPolicy#DEFAULT}.
   *
   * @param name the image
   * @param listener who hears of progress
   * @return what was checked and what is wrong
   */
  default VerifyReport verify(String name, EventListener listener) {
    return verify(name, DiscoveryPolicy.DEFAULT, listener);
  }

  /**
   * Proves without any network that a cluster can start from an image: every blob is there and has
   * its digest, and for each platform every container image that its manifests, charts and lists
   * name, that its nodes need, and that its metadata promise, can be served from its own {@code
   * registry/} tree by tag and by digest. A damaged blob is thrown away.
   *
   * @param name the image
   * @param policy what to do about uncertain names, and which names to leave out or to look for too
   * @param listener who hears of progress
   * @return what was checked and what is wrong
   */
  VerifyReport verify(String name, DiscoveryPolicy policy, EventListener listener);

  /**
   * Verifies an image and, if a blob of it is damaged or missing, gets that blob from the registry
   * of its name and verifies again.
   *
   * @param name the image
   * @param policy as in {@link #verify(String, DiscoveryPolicy, EventListener)}
   * @param listener who hears of progress
   * @return what was healed, and what is still wrong
   */
  VerifyReport repair(String name, DiscoveryPolicy policy, EventListener listener);
}
