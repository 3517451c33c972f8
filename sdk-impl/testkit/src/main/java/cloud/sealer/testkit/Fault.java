package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One way an {@link EmbeddedRegistry} misbehaves: what it does, for which requests, and how often.
 *
 * <p>A fault works from the moment {@link Faults} made it, on every request it fits, until {@link
 * #times} are used up or {@link Faults#clear} is called. Thread-safe.
 */
public final class Fault {
  /** What a fault does. */
  enum Kind {
    ANSWER,
    DROP,
    CUT,
    STALL,
    WRONG_BYTES,
    SLOW,
    NO_RANGE,
    CUT_UPLOAD
  }

  private final Kind kind;
  private final long value;
  private final @Nullable Digest digest;
  private final String location;
  private @Nullable String method;
  private @Nullable Pattern path;
  private int left = Integer.MAX_VALUE;
  private int skip;
  private int hits;
  private int retryAfter = -1;

  Fault(Kind kind, long value, @Nullable Digest digest, String location) {
    this.kind = kind;
    this.value = value;
    this.digest = digest;
    this.location = location;
  }

  /**
   * Limits how often it happens.
   *
   * @param count how many requests it hits
   * @return this fault
   */
  public synchronized Fault times(int count) {
    this.left = count;
    return this;
  }

  /**
   * Spares the first requests it fits.
   *
   * @param count how many requests go well before
   * @return this fault
   */
  public synchronized Fault after(int count) {
    this.skip = count;
    return this;
  }

  /**
   * Limits it to some requests.
   *
   * @param regex an expression that must match a part of the path, such as {@code /blobs/}
   * @return this fault
   */
  public synchronized Fault onPath(String regex) {
    this.path = Pattern.compile(regex);
    return this;
  }

  /**
   * Limits it to requests of one method.
   *
   * @param method such as {@code GET}
   * @return this fault
   */
  public synchronized Fault onMethod(String method) {
    this.method = method.toUpperCase(Locale.ROOT);
    return this;
  }

  /**
   * Adds the header {@code Retry-After} to the answer.
   *
   * @param seconds how long the client shall wait
   * @return this fault
   */
  public synchronized Fault retryAfter(int seconds) {
    this.retryAfter = seconds;
    return this;
  }

  /**
   * How often it happened.
   *
   * @return the number of requests it hit
   */
  public synchronized int hits() {
    return hits;
  }

  Kind kind() {
    return kind;
  }

  /** A status, a position or a rate. */
  long value() {
    return value;
  }

  String location() {
    return location;
  }

  synchronized OptionalInt retryAfter() {
    return retryAfter < 0 ? OptionalInt.empty() : OptionalInt.of(retryAfter);
  }

  /** Whether it hits this request; counts it if so. */
  synchronized boolean take(String requestMethod, String requestPath, @Nullable Digest content) {
    if ((method != null && !method.equals(requestMethod))
        || (path != null && !path.matcher(requestPath).find())
        || (digest != null && !digest.equals(content))
        || left == 0) {
      return false;
    }
    if (skip > 0) {
      skip--;
      return false;
    }
    left--;
    hits++;
    return true;
  }
}
