package cloud.sealer.core.host;

import cloud.sealer.sdk.spi.HostOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Keeps what a command of ours prints: standard output whole, the end of standard error. */
class OutputText implements HostOutput {
  private static final int MAX_OUT = 8 << 20;
  private static final int MAX_ERR = 2000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private byte[] err = new byte[0];

  @Override
  public synchronized void stdout(byte[] bytes, int offset, int length) throws IOException {
    if (out.size() + length > MAX_OUT) {
      throw new IOException("the answer is longer than " + MAX_OUT + " bytes");
    }
    out.write(bytes, offset, length);
  }

  @Override
  public synchronized void stderr(byte[] bytes, int offset, int length) {
    byte[] all = Arrays.copyOf(err, err.length + length);
    System.arraycopy(bytes, offset, all, err.length, length);
    err = Arrays.copyOfRange(all, Math.max(0, all.length - MAX_ERR), all.length);
  }

  final synchronized String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What went wrong, in one line; how the command ended if it said nothing. */
  final synchronized String problem(Object ending) {
    String text = new String(err, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\R\\s*", "; ");
    return text.isEmpty() ? ending.toString() : text;
  }
}
