package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import cloud.sealer.testkit.Fault.Kind;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Lets an {@link EmbeddedRegistry} misbehave.
 *
 * <pre>{@code
 * registry.faults().cutBlobAt(layer, 1000).times(1);
 * registry.faults().status(429).retryAfter(2).onPath("/manifests/").times(2);
 * }</pre>
 *
 * <p>Each method adds one {@link Fault}. Where several fit a request, the first that answers it in
 * place of the registry counts; those that damage the body add up. Thread-safe.
 */
public final class Faults {
  private final List<Fault> active = new CopyOnWriteArrayList<>();
  private final Runnable expireTokens;

  Faults(Runnable expireTokens) {
    this.expireTokens = expireTokens;
  }

  /**
   * Answers with a status and an error body.
   *
   * @param code the status, such as 429 or 503
   * @return the fault
   */
  public Fault status(int code) {
    return add(Kind.ANSWER, code, null, "");
  }

  /**
   * Answers with status 307 and the same path at another server, as registries do that keep blobs
   * elsewhere.
   *
   * @param base the other server, such as {@code http://127.0.0.1:5001}
   * @return the fault
   */
  public Fault redirect(String base) {
    return add(Kind.ANSWER, 307, null, Objects.requireNonNull(base, "base"));
  }

  /**
   * Breaks the connection without an answer.
   *
   * @return the fault
   */
  public Fault drop() {
    return add(Kind.DROP, 0, null, "");
  }

  /**
   * Breaks the connection in the middle of a blob or manifest. The answer to a range that begins at
   * the position or further on is whole and does not count, so who resumes gets the rest.
   *
   * @param digest the blob or manifest
   * @param position the first byte that is not sent, counted from the start of the blob
   * @return the fault
   */
  public Fault cutBlobAt(Digest digest, long position) {
    return add(Kind.CUT, position, Objects.requireNonNull(digest, "digest"), "");
  }

  /**
   * Breaks the connection in the middle of any blob or manifest that is long enough.
   *
   * @param position the first byte that is not sent, counted from the start of the blob
   * @return the fault
   */
  public Fault cutAt(long position) {
    return add(Kind.CUT, position, null, "");
  }

  /**
   * Breaks the connection while a client sends a body.
   *
   * @param position how many bytes of the body are taken before
   * @return the fault
   */
  public Fault cutUploadAt(long position) {
    return add(Kind.CUT_UPLOAD, position, null, "");
  }

  /**
   * Stops sending in the middle of any blob or manifest that is long enough, and keeps the
   * connection open. Goes on when the faults are cleared.
   *
   * @param position the first byte that is held back, counted from the start of the blob
   * @return the fault
   */
  public Fault stallAt(long position) {
    return add(Kind.STALL, position, null, "");
  }

  /**
   * Sends a blob or manifest with one changed byte: the last one of the answer.
   *
   * @param digest the blob or manifest
   * @return the fault
   */
  public Fault wrongBytes(Digest digest) {
    return add(Kind.WRONG_BYTES, 0, Objects.requireNonNull(digest, "digest"), "");
  }

  /**
   * Sends blobs and manifests slowly.
   *
   * @param bytesPerSecond how fast, at least 1
   * @return the fault
   */
  public Fault slow(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("the rate must be at least 1, got " + bytesPerSecond);
    }
    return add(Kind.SLOW, bytesPerSecond, null, "");
  }

  /**
   * Answers {@code HEAD} with status 405.
   *
   * @return the fault
   */
  public Fault refuseHead() {
    return status(405).onMethod("HEAD");
  }

  /**
   * Sends a blob from the start to whoever asks for a range of it.
   *
   * @return the fault
   */
  public Fault refuseRange() {
    return add(Kind.NO_RANGE, 0, null, "");
  }

  /** Makes every bearer token that was given out so far invalid. */
  public void expireTokens() {
    expireTokens.run();
  }

  /** Ends all faults. What is stalled goes on. */
  public void clear() {
    active.clear();
  }

  private Fault add(Kind kind, long value, @Nullable Digest digest, String location) {
    Fault fault = new Fault(kind, value, digest, location);
    active.add(fault);
    return fault;
  }

  boolean isActive(Fault fault) {
    return active.contains(fault);
  }

  /** What answers a request in place of the registry. */
  Optional<Fault> answer(String method, String path) {
    return active.stream()
        .filter(f -> f.kind() == Kind.ANSWER || f.kind() == Kind.DROP)
        .filter(f -> f.take(method, path, null))
        .findFirst();
  }

  /** A fault of the request that has no position. */
  Optional<Fault> of(Kind kind, String method, String path, @Nullable Digest content) {
    return active.stream()
        .filter(f -> f.kind() == kind && f.take(method, path, content))
        .findFirst();
  }

  /** A fault at a position that what is about to be sent reaches from before. */
  Optional<Fault> within(
      Kind kind, String method, String path, @Nullable Digest content, long start, long end) {
    return active.stream()
        .filter(f -> f.kind() == kind && f.value() < end)
        .filter(f -> f.value() > start || (f.value() == 0 && start == 0))
        .filter(f -> f.take(method, path, content))
        .findFirst();
  }
}
