package cloud.sealer.testkit.tck;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A stream that fails after a number of bytes. */
final class BrokenSource extends InputStream {
  private final String message;
  private int left;

  BrokenSource(int bytes, String message) {
    this.left = bytes;
    this.message = message;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    read(one, 0, 1);
    return one[0];
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      throw new IOException(message);
    }
    int n = Math.min(left, length);
    Arrays.fill(bytes, offset, offset + n, (byte) 'x');
    left -= n;
    return n;
  }
}
