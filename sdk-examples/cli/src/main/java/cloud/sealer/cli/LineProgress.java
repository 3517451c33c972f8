package cloud.sealer.cli;

import cloud.sealer.sdk.Event;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Shows progress as lines: what ended, and what commands print. */
class LineProgress implements Progress {
  private final PrintWriter out;
  private final Map<Long, Event.Started> running = new HashMap<>();

  LineProgress(PrintWriter out) {
    this.out = out;
  }

  /** Prints a line. */
  void line(String text) {
    out.println(text);
    out.flush();
  }

  @Override
  public void onEvent(Event event) {
    if (event instanceof Event.Started started) {
      running.put(started.task(), started);
      if (started.kind() == Event.TaskKind.INSTRUCTION) {
        line("> " + started.name());
      }
    } else if (event instanceof Event.Output output) {
      line(host(output.task()) + output.line());
    } else if (event instanceof Event.Notice notice) {
      line("  notice: " + notice.message());
    } else if (event instanceof Event.Retried retried) {
      line(
          "  try "
              + retried.attempt()
              + " failed ("
              + retried.cause()
              + "), again in "
              + retried.delay().toMillis()
              + " ms: "
              + name(retried.task()));
    } else if (event instanceof Event.Resumed resumed) {
      line("  goes on at byte " + resumed.offset() + ": " + name(resumed.task()));
    } else if (event instanceof Event.Evicted evicted) {
      line("  fetched again: " + evicted.digest() + ", " + evicted.reason());
    } else if (event instanceof Event.Finished finished) {
      finished(finished);
    }
  }

  /** What stands before a line a command printed: hosts work at once, so each says which it is. */
  private String host(long task) {
    Event.Started started = running.get(task);
    return started != null
            && (started.kind() == Event.TaskKind.STEP || started.kind() == Event.TaskKind.EXEC)
        ? "    " + started.name() + " | "
        : "    ";
  }

  private String name(long task) {
    Event.Started started = running.get(task);
    return started == null ? "" : started.name();
  }

  private void finished(Event.Finished finished) {
    Event.Started started = running.remove(finished.task());
    if (started == null || !Progress.isShown(started.kind())) {
      return;
    }
    String kind = started.kind().name().toLowerCase(Locale.ROOT);
    String outcome = finished.outcome().name().toLowerCase(Locale.ROOT);
    String detail = finished.detail() == null ? "" : " " + finished.detail();
    if (started.kind() == Event.TaskKind.INSTRUCTION) {
      line("  " + outcome + detail);
    } else {
      line(kind + " " + started.name() + ": " + outcome + detail);
    }
  }
}
