package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import java.time.Duration;

/**
 * Reports the progress of one piece of work to the {@link cloud.sealer.sdk.EventListener} of the
 * call.
 *
 * <p>Thread-safe. A task that is closed without {@link #done} or {@link #cached} counts as failed,
 * or as cancelled if the thread is interrupted; so a task belongs in a try-with-resources
 * statement.
 */
public interface Task extends AutoCloseable {
  /**
   * Starts a part of this task.
   *
   * @param kind what it does
   * @param name what it works on
   * @param total how much there is to do, in the unit of the kind; -1 if unknown
   * @return the part, to be closed by the caller
   */
  Task start(Event.TaskKind kind, String name, long total);

  /**
   * Counts work done.
   *
   * @param amount how much more is done, in the unit of the kind
   */
  void advance(long amount);

  /**
   * Passes on a line a command printed.
   *
   * @param line the line without its end
   */
  void output(String line);

  /**
   * Tells the user something that stops nothing.
   *
   * @param message one sentence
   */
  void notice(String message);

  /**
   * Reports that a request failed and will be tried again.
   *
   * @param attempt the number of the try that failed, from 1
   * @param delay how long the caller waits before the next
   * @param cause why it failed
   */
  void retried(int attempt, Duration delay, String cause);

  /**
   * Reports that a transfer goes on where it had stopped.
   *
   * @param offset how many bytes were there already
   */
  void resumed(long offset);

  /**
   * Reports that a damaged blob was thrown away.
   *
   * @param digest what it should have been
   * @param reason what was wrong
   */
  void evicted(Digest digest, String reason);

  /**
   * Marks the task as done.
   *
   * @param detail a few words on the result; empty for none
   */
  void done(String detail);

  /**
   * Marks the task as not needed, because its result was there already.
   *
   * @param detail a few words on the result; empty for none
   */
  void cached(String detail);

  /** Ends the task. */
  @Override
  void close();
}
