package cloud.sealer.kubernetes.distribution;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Sends layers of an image to one host. Thread-safe. */
final class LayerSender {
  private static final int ATTEMPTS = 4;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofHours(6);
  private static final int OTHER_BYTES = 65;

  private final RootfsImage image;
  private final StepContext context;
  private final Task task;

  LayerSender(RootfsImage image, StepContext context, Task task) {
    this.image = image;
    this.context = context;
    this.task = task;
  }

  /** Sends a layer; begins it again when the connection breaks. */
  void send(Descriptor layer, Digest diffId) {
    AtomicLong counted = new AtomicLong();
    for (int attempt = 1; ; attempt++) {
      try {
        attempt(layer, diffId, counted);
        return;
      } catch (SealerException e) {
        if (e.code() != ErrorCode.HOST_UNREACHABLE || attempt == ATTEMPTS) {
          throw e;
        }
        Duration delay = FIRST_DELAY.multipliedBy(1L << (attempt - 1));
        task.retried(attempt, delay, String.valueOf(e.getMessage()));
        pause(delay);
      }
    }
  }

  private void attempt(Descriptor layer, Digest diffId, AtomicLong counted) {
    AtomicLong sent = new AtomicLong();
    LayerStream stream;
    try {
      stream =
          LayerStream.of(
              image.store(),
              layer,
              diffId,
              context.view().traits(),
              bytes -> count(sent.addAndGet(bytes), counted));
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO, "cannot read layer " + layer.digest() + ": " + e.getMessage())
          .cause(e)
          .build();
    }
    HostCommand command =
        HostCommand.builder(Script.RECEIVE)
            .title("receive layer " + layer.digest())
            .environment("LAYERS", context.paths().layers())
            .environment("NAME", Distribute.name(layer.digest()))
            .environment("DIGEST", stream.digest().hex())
            .environment("SUM", stream.digest().algorithm() + "sum")
            .environment("UNPACK", stream.unpack())
            .stdin(stream.content())
            .timeout(LIMIT)
            .build();
    try {
      Commands.exec(context.session(), command);
    } catch (SealerException e) {
      throw String.valueOf(OTHER_BYTES).equals(e.details().get("status"))
          ? otherBytes(layer, e)
          : e;
    }
  }

  /** Counts bytes once, also when they are sent again. */
  private void count(long sent, AtomicLong counted) {
    long before = counted.getAndUpdate(known -> Math.max(known, sent));
    if (sent > before) {
      task.advance(sent - before);
    }
  }

  private SealerException otherBytes(Descriptor layer, SealerException cause) {
    return SealerException.builder(
            ErrorCode.DIGEST_MISMATCH,
            context.view().address()
                + ": layer "
                + layer.digest()
                + " arrived with other bytes, and was thrown away")
        .remedy("verify the image " + image.image().reference() + ", and try again")
        .detail("host", context.view().address())
        .detail("digest", layer.digest())
        .cause(cause)
        .build();
  }

  private void pause(Duration delay) {
    try {
      Thread.sleep(delay.toMillis());
    } catch (InterruptedException e) {
      throw SealerException.cancelled("sending layers to " + context.view().address());
    }
  }
}
