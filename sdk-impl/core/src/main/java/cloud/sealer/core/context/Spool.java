package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps the contents of an archive's files one after the other in one file, so that no foreign name
 * ever reaches the file system, and a million small files cost one.
 */
final class Spool implements AutoCloseable {
  private final Path file;
  private final OutputStream out;
  private final byte[] buffer = new byte[64 * 1024];
  private long length;

  Spool(Path directory) throws IOException {
    Files.createDirectories(directory);
    file = Files.createTempFile(directory, "context", ".data");
    out = Files.newOutputStream(file);
  }

  /** One file of the archive. */
  record Slice(Path file, long offset, long size) implements Content {
    @Override
    public InputStream open() throws IOException {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      channel.position(offset);
      return new Bounded(Channels.newInputStream(channel), size);
    }
  }

  /**
   * Copies a file.
   *
   * @param declared how long the archive says it is; more than that is refused
   */
  Slice add(InputStream content, long declared) throws IOException {
    if (declared > Files.getFileStore(file).getUsableSpace()) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "an entry of the archive says that it has "
                  + declared
                  + " bytes, more than there is room for in "
                  + file.getParent())
          .remedy("Make room there, or give the scratch directory another place.")
          .build();
    }
    long offset = length;
    int n;
    while ((n = content.read(buffer)) > 0) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("unpacking the build context");
      }
      length += n;
      if (length - offset > declared) {
        throw new IOException("an entry is longer than the " + declared + " bytes it declares");
      }
      out.write(buffer, 0, n);
    }
    return new Slice(file, offset, length - offset);
  }

  /** Ends writing; what was added stays readable. */
  void finish() throws IOException {
    out.close();
  }

  /** Removes everything. */
  @Override
  public void close() {
    try {
      out.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // the scratch directory is its owner's to empty; a file that stays there harms nothing
    }
  }

  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long size) {
      super(in);
      this.left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int n = super.read(target, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    @Override
    public long skip(long count) throws IOException {
      long n = super.skip(Math.min(count, left));
      left -= n;
      return n;
    }

    @Override
    public int available() throws IOException {
      return (int) Math.min(super.available(), left);
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
