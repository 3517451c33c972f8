package cloud.sealer.core.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * The bytes of an archive for whoever looks at its headers only and keeps them all: an archive of
 * millions of entries, or one with a name of a gigabyte, ends in an error, not without memory.
 */
final class HeaderChannel implements SeekableByteChannel {
  /** More than sixty thousand headers. */
  private static final long MAX = 32L * 1024 * 1024;

  private final SeekableByteChannel channel;
  private long read;

  HeaderChannel(SeekableByteChannel channel) {
    this.channel = channel;
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    int n = channel.read(to);
    read += Math.max(0, n);
    if (read > MAX) {
      throw new IOException("it has more than " + MAX + " bytes of headers");
    }
    return n;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return channel.write(from);
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public SeekableByteChannel position(long position) throws IOException {
    channel.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public SeekableByteChannel truncate(long size) throws IOException {
    channel.truncate(size);
    return this;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
