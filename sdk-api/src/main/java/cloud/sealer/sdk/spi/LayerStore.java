package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Keeps blobs by digest, names of images, and small records of what was computed before.
 *
 * <p>Thread-safe, also against other processes on the same storage. A blob appears whole and
 * verified or not at all. A blob that a {@link Session} has written or claimed is not pruned by
 * anyone until that session is closed.
 */
public interface LayerStore extends AutoCloseable {
  /**
   * The length of a blob.
   *
   * @param digest the blob
   * @return its length in bytes; empty if the store does not have it
   */
  OptionalLong size(Digest digest);

  /**
   * Opens a blob.
   *
   * @param digest the blob
   * @return a new stream of its bytes, to be closed by the caller
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#STORE_CORRUPT}
   *     if the store does not have it
   */
  InputStream open(Digest digest);

  /**
   * Throws a damaged blob away.
   *
   * @param digest the blob
   */
  void evict(Digest digest);

  /**
   * All names.
   *
   * @return what each name points to, sorted by name
   */
  Map<String, Descriptor> names();

  /**
   * Gives a name to an image, taking it from an image that has it. The image's blobs must be in the
   * store.
   *
   * @param name the name; free text for the store
   * @param image an index or manifest
   */
  void putName(String name, Descriptor image);

  /**
   * Takes a name away.
   *
   * @param name the name
   * @return false if there was no such name
   */
  boolean removeName(String name);

  /**
   * Looks up a record of what was computed before.
   *
   * @param kind what kind of record: a lower-case word
   * @param key the key within the kind
   * @return the record
   */
  Optional<String> recall(String kind, String key);

  /**
   * Records what was computed, for {@link #recall}.
   *
   * @param kind what kind of record: a lower-case word
   * @param key the key within the kind
   * @param value a short text
   */
  void remember(String kind, String key, String value);

  /**
   * Starts a piece of work that writes blobs.
   *
   * @return a session, to be closed by the caller
   */
  Session session();

  /**
   * Deletes every blob that is not kept, not new, and not in use by a session of any process; also
   * what dead processes left and records whose blobs are gone.
   *
   * @param kept the blobs to keep
   * @param before only what was last written to before this time
   * @param dryRun whether to count only, and delete nothing
   * @return what was deleted, or would be
   */
  PruneResult prune(Set<Digest> kept, Instant before, boolean dryRun);

  /**
   * Deletes everything that {@link #prune(Set, Instant, boolean)} may delete.
   *
   * @param kept the blobs to keep
   * @return what was deleted
   */
  default PruneResult prune(Set<Digest> kept) {
    return prune(kept, Instant.MAX, false);
  }

  /**
   * How much of the disk everything in the store takes.
   *
   * @return the bytes of all its files
   */
  long bytes();

  /** Releases what the store holds open. Its content stays. */
  @Override
  void close();

  /** A piece of work that writes blobs. Thread-safe. */
  interface Session extends AutoCloseable {
    /**
     * A directory for temporary files of this work, on the same file system as the blobs, removed
     * when the session is closed, or by whoever next uses the store if this process dies.
     *
     * @return an existing directory
     */
    Path scratch();

    /**
     * Starts or goes on writing a blob. One writer of a key works at a time; another waits.
     *
     * @param key what the blob will be, such as its digest: a writer finds again what an earlier
     *     one of the same key left unfinished. Letters, digits, {@code . _ -}
     * @return the writer, to be closed by the caller
     */
    BlobWriter write(String key);

    /**
     * Asks for a blob that this work needs. While the session is open, nobody prunes a blob it has
     * claimed or written.
     *
     * @param digest the blob
     * @return its length in bytes; empty if the store does not have it
     */
    OptionalLong claim(Digest digest);

    /**
     * Refuses work that certainly does not fit on the disk of the store, before any of it is
     * written. What earlier writers of the same keys left unfinished counts as written. A store
     * that does not know its disk takes everything.
     *
     * @param wanted the lengths in bytes of what is to be written, by the {@linkplain #write key}
     *     of its writer
     * @throws SealerException with {@link ErrorCode#STORE_IO}, which says how many bytes are
     *     missing
     */
    default void ensureSpace(Map<String, Long> wanted) {}

    /** Ends the work: removes the scratch directory. */
    @Override
    void close();
  }

  /** Writes one blob. Not thread-safe. */
  interface BlobWriter extends AutoCloseable {
    /**
     * How much an earlier writer left.
     *
     * @return the bytes written so far; 0 if none
     */
    long position();

    /**
     * Opens what is written so far, to go on from it.
     *
     * @return a new stream, to be closed by the caller
     * @throws IOException if it cannot be read
     */
    InputStream written() throws IOException;

    /**
     * Throws away what is written so far.
     *
     * @throws IOException if that fails
     */
    void restart() throws IOException;

    /**
     * Appends bytes.
     *
     * @param bytes the bytes; all are consumed
     * @throws IOException if they cannot be written
     */
    void write(ByteBuffer bytes) throws IOException;

    /**
     * Makes what was written a blob of the store, durably.
     *
     * @param digest the digest of all that was written, as the caller computed it while writing
     * @throws IOException if that fails
     */
    void commit(Digest digest) throws IOException;

    /** Ends writing. What is not committed stays for the next writer of the key. */
    @Override
    void close();
  }
}
