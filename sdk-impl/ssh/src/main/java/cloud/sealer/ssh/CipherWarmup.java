package cloud.sealer.ssh;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Lets Java compile AES-GCM early. It uses the instructions of the processor only in what it has
 * compiled, which it does after some thousand calls, however long each is. A call for a packet of
 * 32 KiB would be ten times as slow for the first hundreds of megabytes; ten thousand calls for
 * some bytes take less than half a second. So a stream that turns out to be long makes them once.
 * Thread-safe.
 */
final class CipherWarmup {
  private static final long LONG = 4L << 20;
  private static final int CALLS = 10_000;
  private static final int BYTES = 64;
  private static final int TAG_BITS = 128;
  private static final int NONCE = 12;

  private final AtomicBoolean done = new AtomicBoolean();

  /** The stream, which warms up when much has been written to it. */
  OutputStream watch(OutputStream out) {
    return new FilterOutputStream(out) {
      private long written;

      @Override
      public void write(int value) throws IOException {
        out.write(value);
        count(1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
        count(length);
      }

      // Without a flush before, which a channel that the other side has closed would refuse.
      @Override
      public void close() throws IOException {
        out.close();
      }

      private void count(int length) {
        written += length;
        if (written > LONG && !done.getAndSet(true)) {
          run();
        }
      }
    };
  }

  private static void run() {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      SecretKeySpec key = new SecretKeySpec(new byte[16], "AES");
      byte[] nonce = new byte[NONCE];
      byte[] header = new byte[4];
      byte[] buffer = new byte[BYTES + TAG_BITS / 8];
      for (int i = 0; i < CALLS; i++) {
        // Nothing of this is ever sent; but the provider refuses to use a nonce twice.
        nonce[0] = (byte) i;
        nonce[1] = (byte) (i >> 8);
        cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        cipher.doFinal(buffer, 0, BYTES, buffer, 0);
      }
    } catch (GeneralSecurityException e) {
      // A provider without this cipher has none to warm up.
    }
  }
}
