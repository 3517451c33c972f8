package cloud.sealer.core.registry;

import cloud.sealer.core.retry.Retries;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryHost.Mirror;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.BlobStream;
import cloud.sealer.sdk.spi.Task;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Asks the mirrors of a registry before the registry itself. A mirror that does not have what is
 * wanted, or fails, is passed over; one that cannot be reached is left alone for a while; one whose
 * bytes of a blob broke off or were wrong is not asked for that blob again. Thread-safe.
 */
final class Mirrors {
  /** Enough for a connection that had been closed meanwhile. */
  private static final int TRIES = 2;

  private static final Duration REST = Duration.ofMinutes(1);

  private final Hosts hosts;
  private final Retries retries;
  private final Clock clock;
  private final Map<Mirror, Instant> resting = new ConcurrentHashMap<>();
  private final Set<Refused> refused = ConcurrentHashMap.newKeySet();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /** A blob that a mirror is not asked for any more. */
  private record Refused(Mirror mirror, Digest blob) {}

  Mirrors(Hosts hosts, Retries retries, Clock clock) {
    this.hosts = hosts;
    this.retries = retries.atMost(TRIES);
    this.clock = clock;
  }

  /** Asks a registry for an image under the name it has there; empty if it is not there. */
  @FunctionalInterface
  interface Question<T> {
    /** One try. */
    Optional<T> ask(Reference image) throws IOException, InterruptedException;
  }

  /**
   * Asks the mirrors in their order and then the registry.
   *
   * @param what the work as a noun, for messages
   * @param origin asks the registry itself
   */
  <T> T first(String what, Reference image, Task task, Question<T> question, Supplier<T> origin) {
    return first(what, image, mirrors(image), task, (mirror, at) -> question.ask(at), origin);
  }

  /** Opens a blob at a mirror or at the registry. */
  BlobStream blob(
      String what,
      Reference repository,
      Digest blob,
      Task task,
      Question<BlobStream> question,
      Supplier<BlobStream> origin) {
    List<Mirror> left =
        mirrors(repository).stream()
            .filter(mirror -> !refused.contains(new Refused(mirror, blob)))
            .toList();
    return first(
        what,
        repository,
        left,
        task,
        (mirror, at) ->
            question
                .ask(at)
                .map(stream -> new Watched(stream, () -> refused.add(new Refused(mirror, blob)))),
        origin);
  }

  /** Which mirror sent the wrong bytes is not known, as a download may have parts of several. */
  void damaged(Reference repository, Digest blob) {
    mirrors(repository).forEach(mirror -> refused.add(new Refused(mirror, blob)));
  }

  private List<Mirror> mirrors(Reference image) {
    return hosts.named(image.registry()).map(RegistryHost::mirrors).orElse(List.of());
  }

  /** A question to a mirror under the name the image has there. */
  @FunctionalInterface
  private interface MirrorQuestion<T> {
    Optional<T> ask(Mirror mirror, Reference image) throws IOException, InterruptedException;
  }

  private <T> T first(
      String what,
      Reference image,
      List<Mirror> mirrors,
      Task task,
      MirrorQuestion<T> question,
      Supplier<T> origin) {
    List<String> reasons = new ArrayList<>();
    for (Mirror mirror : mirrors) {
      if (resting.getOrDefault(mirror, Instant.MIN).isAfter(clock.instant())) {
        continue;
      }
      String reason;
      try {
        Optional<T> answer =
            retries.run(what, task::retried, () -> question.ask(mirror, mirror.of(image)));
        if (answer.isPresent()) {
          return answer.get();
        }
        reason = "it does not have it";
      } catch (SealerException e) {
        if (e.code() == ErrorCode.CANCELLED) {
          throw e;
        }
        if (e.code() == ErrorCode.UNREACHABLE) {
          resting.put(mirror, clock.instant().plus(REST));
        }
        reason = String.valueOf(e.getMessage());
      }
      reasons.add("mirror " + mirror + ": " + reason);
      if (told.add(mirror + " " + image.repository())) {
        task.notice("mirror " + mirror + " is passed over for " + what + ": " + reason);
      }
    }
    return origin(reasons, origin);
  }

  /** Who meant the mirror must hear why it did not do, if the registry does not either. */
  private static <T> T origin(List<String> reasons, Supplier<T> origin) {
    try {
      return origin.get();
    } catch (SealerException e) {
      if (reasons.isEmpty() || e.code() == ErrorCode.CANCELLED) {
        throw e;
      }
      SealerException.Builder more =
          SealerException.builder(
                  e.code(), e.getMessage() + "; before that, " + String.join("; ", reasons))
              .cause(e)
              .retryable(e.retryable())
              .attempts(e.attempts())
              .remedy(e.remedy());
      e.details().forEach(more::detail);
      throw more.build();
    }
  }

  /** The bytes from a mirror: tells when they break off. */
  private static final class Watched extends FilterInputStream implements BlobStream {
    private final BlobStream stream;
    private final Runnable broken;

    Watched(BlobStream stream, Runnable broken) {
      super(stream.body());
      this.stream = stream;
      this.broken = broken;
    }

    @Override
    public long offset() {
      return stream.offset();
    }

    @Override
    public InputStream body() {
      return this;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
      try {
        return in.read(buffer, start, length);
      } catch (IOException e) {
        broken.run();
        throw e;
      } catch (SealerException e) {
        broken.run();
        if (e.code() == ErrorCode.CANCELLED) {
          throw e;
        }
        throw new IOException(e.getMessage(), e); // the next one may be better
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
