package cloud.sealer.kubernetes.distribution;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Brings layers of an image to one host, sent or fetched. Thread-safe. */
final class LayerSender {
  private static final int ATTEMPTS = 4;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofHours(6);
  private static final int OTHER_BYTES = 65;
  private static final int NOT_FETCHED = 69;

  /** A command that only copies its input, for which no process is needed. */
  private static final String AS_IT_COMES = "cat";

  private final RootfsImage image;
  private final StepContext context;
  private final Task task;
  private final Distributors.Route route;

  LayerSender(RootfsImage image, StepContext context, Task task, Distributors.Route route) {
    this.image = image;
    this.context = context;
    this.task = task;
    this.route = route;
  }

  /** Brings a layer; begins it again when the connection breaks. */
  void send(Descriptor layer, Digest diffId) {
    AtomicLong counted = new AtomicLong();
    for (int attempt = 1; ; attempt++) {
      try {
        attempt(layer, diffId, counted);
        return;
      } catch (SealerException e) {
        boolean again = e.code() == ErrorCode.HOST_UNREACHABLE || hasStatus(e, NOT_FETCHED);
        if (!again || attempt == ATTEMPTS) {
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
    HostCommand fetch = fetch(layer, stream);
    HostCommand.Builder command = HostCommand.builder(Script.RECEIVE).title(fetch.title());
    fetch.environment().forEach(command::environment);
    fetch.stdin().ifPresent(command::stdin);
    command
        .environment("SEALER_FETCH", fetch.text().equals(AS_IT_COMES) ? "" : fetch.text())
        .environment("SEALER_LAYERS", context.paths().layers())
        .environment("SEALER_NAME", Distribute.name(layer.digest()))
        .environment("SEALER_DIGEST", stream.digest().hex())
        .environment("SEALER_ALGORITHM", stream.digest().algorithm())
        .environment("SEALER_UNPACK", stream.unpack())
        .timeout(LIMIT);
    try {
      Commands.exec(context.session(), command.build());
      count(layer.size(), counted);
    } catch (SealerException e) {
      throw hasStatus(e, OTHER_BYTES) ? otherBytes(layer, e) : e;
    }
  }

  /** What a host cannot unpack comes from here, already unpacked. */
  private HostCommand fetch(Descriptor layer, LayerStream stream) {
    ImageDistributor distributor =
        stream.digest().equals(layer.digest()) ? route.distributor() : new SendingDistributor();
    return distributor.fetch(
        new ImageDistributor.Request(
            image.image().reference(),
            layer,
            stream.content(),
            context.view().host(),
            route.from(),
            task));
  }

  private static boolean hasStatus(SealerException failure, int status) {
    return String.valueOf(status).equals(failure.details().get("status"));
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
