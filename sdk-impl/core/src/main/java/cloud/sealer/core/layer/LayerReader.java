package cloud.sealer.core.layer;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads layers of a store: tar, gzip or zstd, as their first bytes say, because images are about as
 * often mislabelled as not. Streams; memory does not depend on the size of anything in the layer.
 */
public final class LayerReader {
  private static final int BUFFER = 256 * 1024;

  private final LayerStore store;

  /** A reader of one store. */
  public LayerReader(LayerStore store) {
    this.store = store;
  }

  /** Gets the entries of a layer. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Gets one entry.
     *
     * @param entry the entry
     * @param content the bytes of a file; need not be read
     * @throws DamagedLayerException as the content throws it
     */
    void visit(LayerEntry entry, InputStream content) throws DamagedLayerException;
  }

  /** The content of a layer cannot be read, in contrast to what a visitor does with it. */
  public static final class DamagedLayerException extends IOException {
    private static final long serialVersionUID = 1L;

    private DamagedLayerException(IOException cause) {
      super(String.valueOf(cause.getMessage()), cause);
    }
  }

  /**
   * Shows all entries of a layer, in its order. The digests are known only at the end: what a
   * visitor did is to be thrown away if this throws.
   *
   * @param layer the layer
   * @param diffId the digest its uncompressed tar must have; null to accept any
   * @param progress hears of each further bytes of the blob
   * @param visitor gets the entries
   * @throws SealerException with {@link ErrorCode#STORE_CORRUPT} if the blob is damaged, which
   *     removes it, {@link ErrorCode#DIGEST_MISMATCH} if only the diffId is wrong, {@link
   *     ErrorCode#PATH_ESCAPES} for a name outside the root, {@link ErrorCode#IMAGE_UNSUPPORTED} if
   *     it is not a layer at all
   */
  public void read(
      Descriptor layer, @Nullable Digest diffId, LongConsumer progress, Visitor visitor) {
    Hash blobHash = Hash.of(layer.digest().algorithm());
    try (HashingInput blob = new HashingInput(store.open(layer.digest()), blobHash, progress)) {
      Digest actual = null;
      IOException failure = null;
      try {
        actual = entries(layer, diffId, blob, visitor);
      } catch (IOException e) {
        failure = e;
      }
      if (!(failure instanceof ClosedByInterruptException)) {
        blob.drain();
        checkBlob(layer, blob.count(), blobHash.digest());
      }
      if (failure != null) {
        throw failure;
      }
      checkDiffId(layer, diffId, actual);
    } catch (IOException e) {
      throw unreadable(layer, e);
    }
  }

  /** Shows all entries of a layer whose blob was just found whole: it is not hashed again. */
  void readProven(Descriptor layer, Visitor visitor) {
    try (InputStream blob = store.open(layer.digest())) {
      entries(layer, null, blob, visitor);
    } catch (IOException e) {
      throw unreadable(layer, e);
    }
  }

  private static SealerException unreadable(Descriptor layer, IOException e) {
    if (e instanceof ClosedByInterruptException
        || e.getCause() instanceof ClosedByInterruptException) {
      return SealerException.cancelled("reading layer " + layer.digest());
    }
    return SealerException.builder(
            ErrorCode.IMAGE_UNSUPPORTED,
            "layer " + layer.digest() + " cannot be read: " + e.getMessage())
        .remedy("use an image whose layers are tar archives, plain or compressed with gzip or zstd")
        .cause(e)
        .build();
  }

  /**
   * Shows the entries that a layer is made of, as if it were read.
   *
   * @param entries the entries, sorted
   * @param wanted of which paths the content is asked for
   * @param visitor gets the entries
   */
  static void show(List<FileTree.Entry> entries, Predicate<RootfsPath> wanted, Visitor visitor) {
    for (FileTree.Entry entry : entries) {
      FileTree.Content content = wanted.test(entry.path()) ? entry.content() : null;
      try (InputStream in = content == null ? InputStream.nullInputStream() : content.open()) {
        visitor.visit(LayerEntry.of(entry), new ContentInput(in));
      } catch (ClosedByInterruptException e) {
        throw SealerException.cancelled("reading " + entry.path());
      } catch (IOException e) {
        throw SealerException.builder(
                ErrorCode.INVALID_CONTEXT, "cannot read " + entry.path() + ": " + e.getMessage())
            .remedy("check that the file is there and readable, then build again")
            .cause(e)
            .build();
      }
    }
  }

  private static @Nullable Digest entries(
      Descriptor layer, @Nullable Digest diffId, InputStream blob, Visitor visitor)
      throws IOException {
    Hash hash = diffId == null ? null : Hash.of(diffId.algorithm());
    InputStream plain = decompress(blob);
    InputStream tar = hash == null ? plain : new HashingInput(plain, hash, bytes -> {});
    TarEntries entries =
        new TarEntries("layer " + layer.digest(), new BufferedInputStream(tar, BUFFER));
    InputStream content = new ContentInput(entries.content());
    for (LayerEntry entry = entries.next(); entry != null; entry = entries.next()) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("reading layer " + layer.digest());
      }
      visitor.visit(entry, content);
    }
    tar.transferTo(OutputStream.nullOutputStream());
    return hash == null ? null : hash.digest();
  }

  private void checkBlob(Descriptor layer, long count, Digest actual) {
    if (count != layer.size() || !actual.equals(layer.digest())) {
      store.evict(layer.digest());
      throw SealerException.builder(
              ErrorCode.STORE_CORRUPT,
              "layer "
                  + layer.digest()
                  + " in the store is damaged: it has "
                  + count
                  + " bytes that hash to "
                  + actual
                  + ", and should have "
                  + layer.size())
          .remedy("it was removed; pull or build the image again")
          .detail("digest", layer.digest())
          .build();
    }
  }

  private static void checkDiffId(
      Descriptor layer, @Nullable Digest expected, @Nullable Digest actual) {
    if (expected != null && !expected.equals(actual)) {
      throw SealerException.builder(
              ErrorCode.DIGEST_MISMATCH,
              "layer "
                  + layer.digest()
                  + " uncompressed hashes to "
                  + actual
                  + ", but the image says "
                  + expected)
          .remedy("the image contradicts itself; build or pull it again")
          .build();
    }
  }

  /**
   * The uncompressed bytes of a layer: gzip and zstd are known by their first bytes, all else is
   * passed on as it is.
   *
   * @throws IOException if the compression cannot be read
   */
  public static InputStream decompress(InputStream blob) throws IOException {
    // The JDK reads on after a gzip member only if more is available, so this must not say 0 too
    // early.
    BufferedInputStream in =
        new BufferedInputStream(blob, BUFFER) {
          @Override
          public synchronized int available() throws IOException {
            mark(1);
            int next = read();
            reset();
            return next < 0 ? 0 : 1;
          }
        };
    in.mark(4);
    byte[] magic = in.readNBytes(4);
    in.reset();
    if (starts(magic, 0x1f, 0x8b)) {
      return new GZIPInputStream(in, BUFFER / 4);
    }
    return starts(magic, 0x28, 0xb5, 0x2f, 0xfd) ? Zstd.decompress(in) : in;
  }

  private static boolean starts(byte[] bytes, int... expected) {
    if (bytes.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Marks the failures of reading, and keeps a visitor from closing the layer. */
  private static final class ContentInput extends FilterInputStream {
    ContentInput(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        return in.read(bytes, offset, length);
      } catch (IOException e) {
        throw new DamagedLayerException(e);
      }
    }

    @Override
    public void close() {}
  }
}
