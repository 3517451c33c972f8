package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A task for calls of service interfaces, which keeps what was reported to it. Thread-safe. */
public final class RecordingTask implements Task {
  private final Event.@Nullable TaskKind kind;
  private final String name;
  private final long total;
  private final AtomicLong advanced = new AtomicLong();
  private final List<RecordingTask> children = new CopyOnWriteArrayList<>();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> notices = new CopyOnWriteArrayList<>();
  private final List<Retry> retries = new CopyOnWriteArrayList<>();
  private final List<Long> resumptions = new CopyOnWriteArrayList<>();
  private final List<Digest> evictions = new CopyOnWriteArrayList<>();
  private volatile Event.@Nullable Outcome outcome;
  private volatile boolean closed;

  /** A task without parent. */
  public RecordingTask() {
    this(null, "", -1);
  }

  private RecordingTask(Event.@Nullable TaskKind kind, String name, long total) {
    this.kind = kind;
    this.name = name;
    this.total = total;
  }

  /**
   * A failed request that was tried again.
   *
   * @param attempt the number of the try that failed
   * @param delay how long the caller said it would wait
   * @param cause why it failed
   */
  public record Retry(int attempt, Duration delay, String cause) {
    /** Checks the parts. */
    public Retry {
      Objects.requireNonNull(delay, "delay");
      Objects.requireNonNull(cause, "cause");
    }
  }

  @Override
  public Task start(Event.TaskKind kind, String name, long total) {
    RecordingTask child = new RecordingTask(Objects.requireNonNull(kind, "kind"), name, total);
    children.add(child);
    return child;
  }

  @Override
  public void advance(long amount) {
    advanced.addAndGet(amount);
  }

  @Override
  public void output(String line) {
    lines.add(line);
  }

  @Override
  public void notice(String message) {
    notices.add(message);
  }

  @Override
  public void retried(int attempt, Duration delay, String cause) {
    retries.add(new Retry(attempt, delay, cause));
  }

  @Override
  public void resumed(long offset) {
    resumptions.add(offset);
  }

  @Override
  public void evicted(Digest digest, String reason) {
    evictions.add(digest);
  }

  @Override
  public void done(String detail) {
    outcome = Event.Outcome.DONE;
  }

  @Override
  public void cached(String detail) {
    outcome = Event.Outcome.CACHED;
  }

  @Override
  public void close() {
    if (!closed && outcome == null) {
      outcome =
          Thread.currentThread().isInterrupted() ? Event.Outcome.CANCELLED : Event.Outcome.FAILED;
    }
    closed = true;
  }

  /**
   * What it does.
   *
   * @return the kind; empty for a task without parent
   */
  public Optional<Event.TaskKind> kind() {
    return Optional.ofNullable(kind);
  }

  /**
   * What it works on.
   *
   * @return the name; empty for a task without parent
   */
  public String name() {
    return name;
  }

  /**
   * How much there is to do.
   *
   * @return the amount; -1 if unknown
   */
  public long total() {
    return total;
  }

  /**
   * How much was done in this task alone.
   *
   * @return the sum of all advances
   */
  public long advanced() {
    return advanced.get();
  }

  /**
   * How much was done in this task and all below it.
   *
   * @return the sum of all advances
   */
  public long advancedInAll() {
    return advanced() + children.stream().mapToLong(RecordingTask::advancedInAll).sum();
  }

  /**
   * The tasks started from this one.
   *
   * @return the children, in the order in which they started
   */
  public List<RecordingTask> children() {
    return List.copyOf(children);
  }

  /**
   * The lines a command printed.
   *
   * @return the lines so far
   */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * What the user was told.
   *
   * @return the notices so far
   */
  public List<String> notices() {
    return List.copyOf(notices);
  }

  /**
   * The requests that failed and were tried again.
   *
   * @return the retries so far, without those of children
   */
  public List<Retry> retries() {
    return List.copyOf(retries);
  }

  /**
   * The transfers that went on where they had stopped.
   *
   * @return the offsets
   */
  public List<Long> resumptions() {
    return List.copyOf(resumptions);
  }

  /**
   * The blobs that were thrown away.
   *
   * @return their digests
   */
  public List<Digest> evictions() {
    return List.copyOf(evictions);
  }

  /**
   * How it ended.
   *
   * @return the outcome; empty while it is open and not marked
   */
  public Optional<Event.Outcome> outcome() {
    return Optional.ofNullable(outcome);
  }

  /**
   * Whether it was closed.
   *
   * @return true if so
   */
  public boolean isClosed() {
    return closed;
  }
}
