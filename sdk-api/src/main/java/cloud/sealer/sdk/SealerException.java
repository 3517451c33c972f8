package cloud.sealer.sdk;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of this library: what failed, where, whether trying again may help, and what to
 * do.
 *
 * <p>The message is complete without the cause and holds no secret. A mistake in an argument itself
 * (a null, a negative number) is an {@link IllegalArgumentException} instead.
 */
public class SealerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  private final ErrorCode code;

  /** Whether the same call may succeed later. */
  private final boolean retryable;

  /** How often the step was tried. */
  private final int attempts;

  /** What the user can do. */
  private final String remedy;

  private final transient Map<String, String> details;
  private final transient List<Diagnostic> diagnostics;

  /**
   * An exception with the parts collected by a builder.
   *
   * @param builder the parts
   */
  protected SealerException(Builder builder) {
    super(builder.message, builder.cause);
    this.code = builder.code;
    this.retryable = builder.retryable;
    this.attempts = builder.attempts;
    this.remedy = builder.remedy;
    this.details = Collections.unmodifiableMap(new TreeMap<>(builder.details));
    this.diagnostics = List.copyOf(builder.diagnostics);
  }

  /**
   * Starts an exception.
   *
   * @param code what went wrong
   * @param message what failed and where, as one sentence
   * @return a builder for the rest
   */
  public static Builder builder(ErrorCode code, String message) {
    return new Builder(code, message);
  }

  /**
   * The exception for an interrupted thread. Sets the thread's interrupt flag again.
   *
   * @param what what was cancelled, such as {@code "build of my-dashboard:v1"}
   * @return the exception, to be thrown
   */
  public static SealerException cancelled(String what) {
    Thread.currentThread().interrupt();
    return builder(ErrorCode.CANCELLED, what + " was cancelled").build();
  }

  /**
   * What went wrong.
   *
   * @return the code
   */
  public ErrorCode code() {
    return code;
  }

  /**
   * Whether the same call may succeed later without any change.
   *
   * @return true for failures of the network or of a busy server
   */
  public boolean retryable() {
    return retryable;
  }

  /**
   * How often the failing step was tried.
   *
   * @return the number of tries, at least 1
   */
  public int attempts() {
    return attempts;
  }

  /**
   * What the user can do.
   *
   * @return one sentence; empty if the message says it
   */
  public String remedy() {
    return remedy;
  }

  /**
   * Facts about the failure for programs, such as {@code reference} or {@code status}.
   *
   * @return names and values
   */
  public Map<String, String> details() {
    return details == null ? Map.of() : details;
  }

  /**
   * The findings in a text the user wrote.
   *
   * @return all findings, in the order of the text; empty for other failures
   */
  public List<Diagnostic> diagnostics() {
    return diagnostics == null ? List.of() : diagnostics;
  }

  /** Collects the parts of a {@link SealerException}. Not thread-safe. */
  public static class Builder {
    private final ErrorCode code;
    private final String message;
    private final Map<String, String> details = new TreeMap<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private @Nullable Throwable cause;
    private boolean retryable;
    private int attempts = 1;
    private String remedy = "";

    /**
     * Starts with what every exception has.
     *
     * @param code what went wrong
     * @param message what failed and where
     */
    protected Builder(ErrorCode code, String message) {
      this.code = Objects.requireNonNull(code, "code");
      this.message = Objects.requireNonNull(message, "message");
    }

    /**
     * Sets what lies behind the failure.
     *
     * @param cause the exception of the layer below
     * @return this builder
     */
    public Builder cause(@Nullable Throwable cause) {
      this.cause = cause;
      return this;
    }

    /**
     * Says whether the same call may succeed later.
     *
     * @param retryable true if so
     * @return this builder
     */
    public Builder retryable(boolean retryable) {
      this.retryable = retryable;
      return this;
    }

    /**
     * Says how often the step was tried.
     *
     * @param attempts the number of tries
     * @return this builder
     */
    public Builder attempts(int attempts) {
      this.attempts = attempts;
      return this;
    }

    /**
     * Says what the user can do.
     *
     * @param remedy one sentence
     * @return this builder
     */
    public Builder remedy(String remedy) {
      this.remedy = Objects.requireNonNull(remedy, "remedy");
      return this;
    }

    /**
     * Adds a fact.
     *
     * @param name its name
     * @param value its value; no secret
     * @return this builder
     */
    public Builder detail(String name, Object value) {
      details.put(name, value.toString());
      return this;
    }

    /**
     * Adds findings in a text.
     *
     * @param findings the findings
     * @return this builder
     */
    public Builder diagnostics(List<Diagnostic> findings) {
      diagnostics.addAll(findings);
      return this;
    }

    /**
     * Makes the exception.
     *
     * @return the exception, to be thrown
     */
    public SealerException build() {
      return new SealerException(this);
    }
  }
}
