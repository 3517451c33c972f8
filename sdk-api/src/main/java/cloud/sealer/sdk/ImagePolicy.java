package cloud.sealer.sdk;

/** Says which cluster images may be run. Asked before any host is touched. Thread-safe. */
@FunctionalInterface
public interface ImagePolicy {
  /** Admits every image. */
  ImagePolicy ANY = image -> {};

  /**
   * Admits an image by returning.
   *
   * @param image the image, which is in the store
   * @throws SealerException to refuse it, such as with {@link ErrorCode#UNTRUSTED}
   */
  void admit(ClusterImage image);

  /**
   * Admits only images with a signature that counts.
   *
   * @param trust of the store that the images are in
   * @param check which signatures count
   * @return the policy
   */
  static ImagePolicy signed(ImageTrust trust, SignatureCheck check) {
    return image -> {
      SignatureReport report = trust.verify(image.digest().toString(), check);
      if (!report.digest().equals(image.digest())) {
        throw SealerException.builder(
                ErrorCode.UNTRUSTED,
                "the signatures of " + report.digest() + " say nothing of " + image.digest())
            .build();
      }
      report.requireTrusted();
    };
  }
}
