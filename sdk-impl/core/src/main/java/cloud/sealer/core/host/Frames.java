package cloud.sealer.core.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A stream in pieces: the length of each in a line of its own, then its bytes; 0 at the end. */
final class Frames {
  /** The host starts one process for each. */
  private static final int PIECE = 1 << 20;

  private Frames() {}

  static void copy(InputStream in, OutputStream out) throws IOException {
    while (true) {
      byte[] piece = in.readNBytes(PIECE);
      out.write((piece.length + "\n").getBytes(StandardCharsets.US_ASCII));
      if (piece.length == 0) {
        return;
      }
      out.write(piece);
    }
  }
}
