package cloud.sealer.sdk;

import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What makes images of a store trustworthy: signatures, bills of materials, and whatever else is
 * attached to them. Thread-safe.
 *
 * <p>What is attached to an image, by the {@code subject} of the <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md">OCI image
 * specification</a> or by the tags of cosign, belongs to its digest, not to its name: it goes with
 * the image through push, pull, save and load, and is deleted by {@link Images#prune} when the
 * image is.
 */
public interface ImageTrust {
  /**
   * Signs an image as <a
   * href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md">cosign</a> does:
   * its index, and the manifest of each platform, so that whoever has only one of them can check
   * it. A signature that is there already stays.
   *
   * @param name the image; the signature names its repository, so give it its final name first
   * @param options with which key
   * @param listener who hears of progress
   * @return what was attached, the one of the index first
   * @throws SealerException with {@link ErrorCode#IMAGE_NOT_FOUND}, or {@link
   *     ErrorCode#INVALID_REQUEST} if the key cannot be used
   */
  List<Referrer> sign(String name, SignOptions options, EventListener listener);

  /**
   * Checks the signatures of an image in the store. That the blobs are those that were signed is
   * checked by {@link Images#verify}, and by whatever reads them.
   *
   * @param name the image
   * @param check which signatures count
   * @return what was found
   * @throws SealerException with {@link ErrorCode#IMAGE_NOT_FOUND}, or {@link
   *     ErrorCode#INVALID_REQUEST} if a key cannot be used
   */
  SignatureReport verify(String name, SignatureCheck check);

  /**
   * Checks the signatures of an image at its registry, of which nothing but those is fetched.
   *
   * @param name the image
   * @param check which signatures count
   * @param listener who hears of retries
   * @return what was found
   */
  SignatureReport verifyRemote(String name, SignatureCheck check, EventListener listener);

  /**
   * Checks the signatures of the images in an archive, of which nothing but those is read. That the
   * blobs are those that were signed is checked by {@link Images#load}.
   *
   * @param archive a file that {@link Images#save} wrote
   * @param check which signatures count
   * @return what was found, for each image that the archive names
   */
  List<SignatureReport> verifyArchive(Path archive, SignatureCheck check);

  /**
   * Writes the bill of materials of an image: its container images by digest, charts, files with
   * hashes, installed packages, and the image it was built on. The same image gives the same bytes
   * everywhere; its time is that of the image.
   *
   * @param name the image
   * @param format the form
   * @param out gets the document; not closed
   * @param listener who hears of progress
   */
  void sbom(String name, SbomFormat format, OutputStream out, EventListener listener);

  /**
   * Makes the bill of materials of an image and attaches it.
   *
   * @param name the image
   * @param format the form
   * @param listener who hears of progress
   * @return what was attached
   */
  Referrer attachSbom(String name, SbomFormat format, EventListener listener);

  /**
   * What is attached to an image, to the manifests of its platforms, and to what is attached.
   *
   * @param name the image
   * @return the referrers, by subject
   */
  List<Referrer> referrers(String name);

  /**
   * Writes the content of what is attached, such as a bill of materials: the only layer of the
   * artifact.
   *
   * @param referrer one of {@link #referrers}
   * @param out gets the content; not closed
   * @throws SealerException with {@link ErrorCode#IMAGE_NOT_FOUND}, or {@link
   *     ErrorCode#IMAGE_UNSUPPORTED} if it has several layers
   */
  void content(Referrer referrer, OutputStream out);
}
