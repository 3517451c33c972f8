package cloud.sealer.sdk;

import java.util.Objects;

/**
 * A container image of a cluster image, and where {@link Images#relocate} put it.
 *
 * @param from the name the cluster image has it under
 * @param to its name in the other registry
 * @param digest what the new name resolves to
 * @param original what the old name resolved to; another digest than {@code digest} only if the
 *     image was an index of which the cluster image carries some platforms: then the new index
 *     names only these
 * @param sentBytes how many bytes had to be sent; the rest was there, or was mounted from another
 *     repository of that registry
 */
public record Relocation(
    Reference from, Reference to, Digest digest, Digest original, long sentBytes) {
  /** Checks the parts. */
  public Relocation {
    Objects.requireNonNull(from, "from");
    Objects.requireNonNull(to, "to");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(original, "original");
  }
}
