package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Sends a body, and cuts, stalls, slows or damages it on the way. */
final class FaultyBody {
  private static final int BUFFER = 1 << 16;
  private static final int SLICES_PER_SECOND = 20;

  private final OutputStream out;
  private final Recorder.Entry record;
  private final Faults faults;
  private long cut = Long.MAX_VALUE;
  private long stall = Long.MAX_VALUE;
  private @Nullable Fault stalling;
  private long rate;
  private boolean wrong;

  FaultyBody(OutputStream out, Recorder.Entry record, Faults faults) {
    this.out = out;
    this.record = record;
    this.faults = faults;
  }

  /** Finds the faults that fit. */
  void prepare(String method, String path, Digest digest, long start, long end) {
    cut =
        faults
            .within(Fault.Kind.CUT, method, path, digest, start, end)
            .map(Fault::value)
            .orElse(Long.MAX_VALUE);
    stalling = faults.within(Fault.Kind.STALL, method, path, digest, start, end).orElse(null);
    stall = stalling == null ? Long.MAX_VALUE : stalling.value();
    rate = faults.of(Fault.Kind.SLOW, method, path, digest).map(Fault::value).orElse(0L);
    wrong = faults.of(Fault.Kind.WRONG_BYTES, method, path, digest).isPresent();
  }

  void send(InputStream content, long start, long end) throws IOException {
    byte[] buffer = new byte[slice()];
    long position = start;
    while (position < end) {
      if (position == cut) {
        // Without this the client would miss bytes that were meant to arrive before the cut.
        out.flush();
        throw new DroppedException();
      }
      if (position == stall) {
        out.flush();
        waitForRelease();
        stall = Long.MAX_VALUE;
      }
      long next = Math.min(end, Math.min(cut, stall));
      int count = content.read(buffer, 0, (int) Math.min(buffer.length, next - position));
      if (count < 0) {
        throw new IOException("the blob ended early");
      }
      position += count;
      if (wrong && position == end) {
        buffer[count - 1] ^= 1;
      }
      record.sending(count);
      out.write(buffer, 0, count);
      if (rate > 0) {
        out.flush();
        pause(count * 1000L / rate);
      }
    }
  }

  private int slice() {
    return rate == 0 ? BUFFER : (int) Math.max(1, Math.min(BUFFER, rate / SLICES_PER_SECOND));
  }

  private void waitForRelease() throws IOException {
    while (stalling != null && faults.isActive(stalling)) {
      pause(10);
    }
  }

  /** Interrupted when the registry is closed. */
  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DroppedException();
    }
  }
}
