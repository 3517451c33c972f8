package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes a blob that comes in from outside, as it is or straight into its {@link BlobLayer}, and
 * computes the digests of blob and layer on the way. What an earlier writer left unfinished is
 * hashed and continued. Not thread-safe.
 *
 * <p>Both digests are computed by the calling thread: blobs come in several at a time, which keeps
 * all cores busy already.
 */
public final class HashingBlobWriter implements AutoCloseable {
  private static final long UNKNOWN = -1;
  private static final int BUFFER = 256 * 1024;

  private final LayerStore.BlobWriter writer;
  private final byte[] prefix;
  private final byte[] suffix;
  private final long size;
  private final Hash content;
  private final Hash layer;
  private final boolean wrapped;
  private long written;
  private boolean closed;

  private HashingBlobWriter(
      LayerStore.BlobWriter writer, String algorithm, byte[] prefix, byte[] suffix, long size) {
    this.writer = writer;
    this.prefix = prefix;
    this.suffix = suffix;
    this.size = size;
    this.wrapped = prefix.length > 0;
    this.content = Hash.of(algorithm);
    this.layer = Hash.sha256();
  }

  /**
   * Starts or continues the layer of a blob.
   *
   * @param writer where it goes; closed with this
   * @param blob what blob it is
   * @throws IOException if what is there cannot be read
   */
  public static HashingBlobWriter open(LayerStore.BlobWriter writer, BlobLayer blob)
      throws IOException {
    HashingBlobWriter hashing =
        new HashingBlobWriter(
            writer, blob.blob().algorithm(), blob.prefix(), blob.suffix(), blob.blobSize());
    hashing.resume();
    return hashing;
  }

  /**
   * Starts or continues a blob that is stored as it is.
   *
   * @param writer where it goes; closed with this
   * @param blob the digest it should have, which says what to hash with
   * @throws IOException if what is there cannot be read
   */
  public static HashingBlobWriter plain(LayerStore.BlobWriter writer, Digest blob)
      throws IOException {
    HashingBlobWriter hashing =
        new HashingBlobWriter(writer, blob.algorithm(), new byte[0], new byte[0], UNKNOWN);
    hashing.resume();
    return hashing;
  }

  private void resume() throws IOException {
    if (writer.position() == 0) {
      return;
    }
    boolean usable;
    try (InputStream in = writer.written()) {
      usable = rehash(in);
    }
    if (!usable) {
      restart();
    }
  }

  /** Hashes what is there; false if it cannot be the beginning of this blob. */
  private boolean rehash(InputStream in) throws IOException {
    byte[] head = in.readNBytes(prefix.length);
    if (!Arrays.equals(head, prefix)) {
      return false;
    }
    advance(head, 0, head.length);
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("reading an unfinished blob");
      }
      // A writer that died while committing may have left the whole blob and a part of what follows
      // it.
      long rest = size == UNKNOWN ? n : Math.max(0, Math.min(n, size - contentPosition()));
      if (written + n > end() || !isZero(buffer, (int) rest, n)) {
        return false;
      }
      advance(buffer, 0, n);
    }
    return written == writer.position();
  }

  private long end() {
    return size == UNKNOWN ? Long.MAX_VALUE : prefix.length + size + suffix.length;
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** How much of the blob itself is there: where to go on. */
  public long contentPosition() {
    long position = Math.max(0, written - prefix.length);
    return size == UNKNOWN ? position : Math.min(position, size);
  }

  /**
   * Appends bytes of the blob.
   *
   * @throws IOException if the store cannot take them
   */
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (size != UNKNOWN && contentPosition() + length > size) {
      throw new IllegalArgumentException(
          "a blob of " + size + " bytes cannot take " + length + " more");
    }
    if (written < prefix.length) {
      append(prefix, 0, prefix.length);
    }
    append(bytes, offset, length);
  }

  private void append(byte[] bytes, int offset, int length) throws IOException {
    writer.write(ByteBuffer.wrap(bytes, offset, length));
    advance(bytes, offset, length);
  }

  private void advance(byte[] bytes, int offset, int length) {
    if (wrapped) {
      layer.update(bytes, offset, length);
      long skip = Math.max(0, Math.min(length, prefix.length - written));
      long end = Math.max(0, Math.min(length, prefix.length + size - written));
      if (end > skip) {
        content.update(bytes, offset + (int) skip, (int) (end - skip));
      }
    } else {
      content.update(bytes, offset, length);
    }
    written += length;
  }

  /** The digest of the part of the blob that is there. */
  public Digest contentDigest() {
    return content.digest();
  }

  /**
   * Throws away what is there.
   *
   * @throws IOException if the store cannot do that
   */
  public void restart() throws IOException {
    writer.restart();
    content.reset();
    layer.reset();
    written = 0;
  }

  /**
   * Makes the whole blob, or its layer, part of the store. The caller has compared {@link
   * #contentDigest}.
   *
   * @return the digest under which the store has it
   * @throws IOException if the store cannot do that
   */
  public Digest commit() throws IOException {
    if (size != UNKNOWN && contentPosition() < size) {
      throw new IllegalStateException(
          "only " + contentPosition() + " of " + size + " bytes of the blob are there");
    }
    if (written < prefix.length) {
      append(prefix, 0, prefix.length);
    }
    if (wrapped) {
      int done = (int) (written - prefix.length - size);
      append(suffix, done, suffix.length - done);
    }
    Digest digest = (wrapped ? layer : content).digest();
    writer.commit(digest);
    return digest;
  }

  /** Ends writing. What is not committed stays for a later writer of the same blob. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      writer.close();
    }
  }
}
