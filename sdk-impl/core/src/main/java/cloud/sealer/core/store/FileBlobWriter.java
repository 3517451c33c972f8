package cloud.sealer.core.store;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes a blob into a file of {@code ingest/}, whose lock it holds, and renames it when it is
 * done.
 */
final class FileBlobWriter implements LayerStore.BlobWriter {
  private final Path file;
  private final StoreLocks.Held lock;
  private final Function<Digest, Path> blobPath;
  private final Consumer<Digest> claim;
  private final EarlyForce early;
  private long position;
  private boolean committed;
  private boolean closed;

  FileBlobWriter(
      Path file, StoreLocks.Held lock, Function<Digest, Path> blobPath, Consumer<Digest> claim) {
    this.file = file;
    this.lock = lock;
    this.blobPath = blobPath;
    this.claim = claim;
    this.early = new EarlyForce(lock.channel());
    try {
      position = lock.channel().size();
    } catch (IOException e) {
      lock.close();
      throw StoreFailure.of("read", file, e);
    }
  }

  @Override
  public long position() {
    return position;
  }

  /** Reads through the locked channel: closing a second one would give up the lock. */
  @Override
  public InputStream written() {
    FileChannel channel = lock.channel();
    return new InputStream() {
      private long next;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        if (next >= position) {
          return -1;
        }
        int wanted = (int) Math.min(length, position - next);
        int count = channel.read(ByteBuffer.wrap(bytes, offset, wanted), next);
        next += Math.max(count, 0);
        return count;
      }
    };
  }

  @Override
  public void restart() {
    requireOpen();
    try {
      lock.channel().truncate(0);
      position = 0;
    } catch (IOException e) {
      throw StoreFailure.of("truncate", file, e);
    }
  }

  @Override
  public void write(ByteBuffer bytes) {
    requireOpen();
    try {
      while (bytes.hasRemaining()) {
        position += lock.channel().write(bytes, position);
      }
      early.grown(position);
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
  }

  @Override
  public void commit(Digest digest) {
    requireOpen();
    Path blob = blobPath.apply(digest);
    // Before the rename, so that prune, which lists blobs first and reads claims then, sees the
    // claim.
    claim.accept(digest);
    try {
      if (Files.isRegularFile(blob) && Files.size(blob) == position) {
        lock.delete();
      } else {
        early.await();
        lock.channel().force(true);
        Files.createDirectories(blob.getParent());
        DurableFiles.rename(file, blob);
      }
      committed = true;
    } catch (IOException e) {
      throw StoreFailure.of("commit", blob, e);
    }
  }

  private void requireOpen() {
    if (closed || committed) {
      throw new IllegalStateException("the writer of " + file + " has ended");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    early.end();
    try (lock) {
      if (!committed && position == 0) {
        lock.delete();
      }
    }
  }
}
