package cloud.sealer.sdk;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happens while a call works.
 *
 * <p>Work is a tree of tasks. For each task the order is {@code Started (Progress | Output | Notice
 * | Retried | Resumed | Evicted)* Finished}; a child starts and finishes within its parent. Events
 * of one call are delivered one after the other, in that order, though from several threads.
 */
public sealed interface Event {
  /**
   * When it happened.
   *
   * @return the time, by the clock of the {@link Sealer}
   */
  Instant time();

  /**
   * The task it belongs to.
   *
   * @return a number that is unique within the call, from 1
   */
  long task();

  /** What a task does. */
  enum TaskKind {
    /** A whole build. */
    BUILD,
    /** Getting the base image. */
    BASE,
    /** One instruction. */
    INSTRUCTION,
    /** Looking for container images. */
    DISCOVERY,
    /** Getting all container images. */
    COLLECTION,
    /** Getting or sending one image. */
    IMAGE,
    /** Moving or copying one blob; counted in bytes. */
    BLOB,
    /** Fetching a remote source of {@code COPY}; counted in bytes. */
    FETCH,
    /** Writing one layer; counted in uncompressed bytes. */
    LAYER,
    /** Pulling a cluster image. */
    PULL,
    /** Pushing a cluster image. */
    PUSH,
    /** Writing an archive; counted in bytes. */
    SAVE,
    /** Reading an archive; counted in bytes. */
    LOAD,
    /** Checking an image; counted in bytes. */
    VERIFY,
    /** Signing an image. */
    SIGN,
    /** Making a bill of materials; counted in bytes. */
    SBOM,
    /** Comparing two images; counted in bytes. */
    COMPARISON,
    /** Sending the container images of an image to another registry. */
    RELOCATION,
    /** Removing what is not needed. */
    PRUNE,
    /** Changing a cluster. */
    CLUSTER,
    /** One step of a change, on one host or on the whole cluster. */
    STEP,
    /** Sending the rootfs to one host; counted in bytes. */
    DISTRIBUTION,
    /** Executing a command on one host. */
    EXEC,
    /** Making or removing machines. */
    MACHINES,
    /** Sending files to, or fetching them from, one host; counted in bytes. */
    TRANSFER,
    /** Waiting until the workloads of a cluster have come to rest. */
    SETTLE
  }

  /** How a task ended. */
  enum Outcome {
    /** It did its work. */
    DONE,
    /** Its result was there already; nothing was done. */
    CACHED,
    /** It failed; the call's exception says why. */
    FAILED,
    /** The calling thread was interrupted. */
    CANCELLED
  }

  /**
   * A task began.
   *
   * @param time when
   * @param task its number
   * @param parent the number of the task it is part of; 0 for the call itself
   * @param kind what it does
   * @param name what it works on, such as an instruction's text or an image's name
   * @param total how much there is to do, in the unit of the kind; -1 if unknown
   */
  record Started(Instant time, long task, long parent, TaskKind kind, String name, long total)
      implements Event {}

  /**
   * A task got further. Sent at most about ten times a second for each task.
   *
   * @param time when
   * @param task its number
   * @param done how much is done since the task began, never less than before
   * @param total how much there is to do; -1 if unknown
   */
  record Progress(Instant time, long task, long done, long total) implements Event {}

  /**
   * A command printed a line.
   *
   * @param time when
   * @param task its number
   * @param line the line without its end
   */
  record Output(Instant time, long task, String line) implements Event {}

  /**
   * Something the user should know that stops nothing.
   *
   * @param time when
   * @param task its number
   * @param message one sentence
   */
  record Notice(Instant time, long task, String message) implements Event {}

  /**
   * A request failed and will be tried again.
   *
   * @param time when
   * @param task its number
   * @param attempt the number of the try that failed, from 1
   * @param delay how long it waits before the next
   * @param cause why it failed
   */
  record Retried(Instant time, long task, int attempt, Duration delay, String cause)
      implements Event {}

  /**
   * A broken transfer went on where it had stopped.
   *
   * @param time when
   * @param task its number
   * @param offset how many bytes were there already
   */
  record Resumed(Instant time, long task, long offset) implements Event {}

  /**
   * A damaged blob was thrown away and will be fetched again.
   *
   * @param time when
   * @param task its number
   * @param digest what the blob should have been
   * @param reason what was wrong
   */
  record Evicted(Instant time, long task, Digest digest, String reason) implements Event {}

  /**
   * A task ended.
   *
   * @param time when
   * @param task its number
   * @param outcome how
   * @param detail a few words on the result, such as a digest; null for none
   */
  record Finished(Instant time, long task, Outcome outcome, @Nullable String detail)
      implements Event {
    /** Checks the parts. */
    public Finished {
      Objects.requireNonNull(outcome, "outcome");
    }
  }
}
