package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.Reference;
import java.util.Objects;

/**
 * A way for the layers of an image to hosts. It only says where a host gets the bytes of a layer
 * from: which layers are missing, the check of digests, unpacking and all retries are not its
 * business, so that no distributor can weaken them.
 *
 * <p>Chosen by {@link cloud.sealer.sdk.Distribution}; given to {@link
 * cloud.sealer.sdk.Sealer.Builder#imageDistributor} or found by {@link java.util.ServiceLoader}.
 * Thread-safe.
 */
public interface ImageDistributor {
  /**
   * The word by which it is chosen.
   *
   * @return lower-case letters, digits and dashes
   */
  String name();

  /**
   * The command by which a host gets a layer. Called once for each layer and host, and again when
   * that failed.
   *
   * @param request what is wanted
   * @return a command that writes exactly the blob to standard output and ends with status 0, or
   *     says on standard error why it cannot. Secrets may stand in its environment and standard
   *     input, not in its text. It leaves nothing on the host
   * @throws cloud.sealer.sdk.SealerException if it is known before that the host will not get it
   */
  HostCommand fetch(Request request);

  /**
   * A layer that a host wants.
   *
   * @param image the image it belongs to
   * @param layer the blob
   * @param content its bytes, as they lie in our store
   * @param host the host
   * @param from where to take it from, as the {@link cloud.sealer.sdk.Distribution} says; empty for
   *     the default
   * @param task where to report retries
   */
  record Request(
      Reference image,
      Descriptor layer,
      FileTree.Content content,
      Host host,
      String from,
      Task task) {
    /** Checks the parts. */
    public Request {
      Objects.requireNonNull(image, "image");
      Objects.requireNonNull(layer, "layer");
      Objects.requireNonNull(content, "content");
      Objects.requireNonNull(host, "host");
      Objects.requireNonNull(from, "from");
      Objects.requireNonNull(task, "task");
    }
  }
}
