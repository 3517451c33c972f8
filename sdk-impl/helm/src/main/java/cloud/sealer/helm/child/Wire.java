package cloud.sealer.helm.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The protocol between parent and child, over the child's standard input and output: numbers, and
 * byte strings that begin with their length.
 *
 * <p>The child says {@link #READY} when the engine is loaded. A request is: Kubernetes version,
 * values text, number of files, then path and bytes of each file. The answer is {@link #RENDERED}
 * or {@link #REFUSED} and a text. The end of its standard input ends the child.
 */
public final class Wire {
  /** The child has loaded the engine. Unlike anything a stray print would begin with. */
  public static final int READY = 0x5EA1E201;

  /** The text that follows is the rendered manifests. */
  public static final int RENDERED = 0x5EA1E202;

  /** The text that follows says why the chart cannot be rendered. */
  public static final int REFUSED = 0x5EA1E203;

  /**
   * No file and no rendered chart is longer; a length above it means that the protocol is broken.
   */
  private static final int MAX_LENGTH = 1 << 28;

  private Wire() {}

  /** Sends bytes. */
  public static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Sends a text. */
  public static void write(DataOutputStream out, String text) throws IOException {
    write(out, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Receives bytes. */
  public static byte[] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > MAX_LENGTH) {
      throw new IOException("impossible length " + length);
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }

  /** Receives a text. */
  public static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }
}
