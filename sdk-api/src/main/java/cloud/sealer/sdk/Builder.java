package cloud.sealer.sdk;

/** Builds cluster images in one {@link BuildMode}. Thread-safe. */
public interface Builder {
  /**
   * Builds an image and gives it the request's name in the store.
   *
   * <p>A failed, cancelled or killed build leaves the store valid and its names as they were; blobs
   * that were already there, and what was downloaded of others, serve the next try.
   *
   * @param request what to build
   * @return the image and how it came about
   * @throws SealerException if the image cannot be built; nothing is named then
   */
  BuildResult build(BuildRequest request);

  /**
   * Executes the instructions and looks for container images, but collects none and makes no image.
   *
   * @param request what to look at; its name is not used
   * @return every container image the build would collect
   * @throws SealerException if an instruction fails
   */
  DiscoveryReport discover(BuildRequest request);
}
