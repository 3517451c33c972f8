package cloud.sealer.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.CRC32;

/**
 * Writes gzip (RFC 1952) with stored blocks (RFC 1951, 3.2.4), which are the same bytes on every
 * machine. Compressors are not: their output differs between versions of zlib.
 */
final class StoredGzip extends FilterOutputStream {
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final byte[] block = new byte[0xffff];
  private final CRC32 checksum = new CRC32();
  private int filled;
  private long total;

  StoredGzip(OutputStream out) throws IOException {
    super(out);
    out.write(HEADER);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    checksum.update(bytes, offset, length);
    total += length;
    int done = 0;
    while (done < length) {
      if (filled == block.length) {
        endBlock(false);
      }
      int count = Math.min(length - done, block.length - filled);
      System.arraycopy(bytes, offset + done, block, filled, count);
      filled += count;
      done += count;
    }
  }

  private void endBlock(boolean last) throws IOException {
    out.write(last ? 1 : 0);
    little(filled, 2);
    little(~filled, 2);
    out.write(block, 0, filled);
    filled = 0;
  }

  private void little(long value, int bytes) throws IOException {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  /** Writes the end; the stream below stays open. */
  void finish() throws IOException {
    endBlock(true);
    little(checksum.getValue(), 4);
    little(total, 4);
    out.flush();
  }
}
