package cloud.sealer.cli;

import cloud.sealer.sdk.Event;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Lines as everywhere, and below them one bar over all bytes that are moving. */
final class BarProgress extends LineProgress {
  private static final long MEGABYTE = 1_000_000;

  private final Map<Long, Long> done = new HashMap<>();
  private @Nullable ProgressBar bar;
  private long total;
  private long moved;
  private int active;

  BarProgress(PrintWriter out) {
    super(out);
  }

  @Override
  public void onEvent(Event event) {
    if (event instanceof Event.Started started && counts(started)) {
      done.put(started.task(), 0L);
      active++;
      total += started.total();
      bar().maxHint(total);
    } else if (event instanceof Event.Progress progress && done.containsKey(progress.task())) {
      moved += progress.done() - done.put(progress.task(), progress.done());
      bar().stepTo(moved);
    } else if (event instanceof Event.Finished finished && done.remove(finished.task()) != null) {
      active--;
      if (active == 0) {
        closeBar();
      }
    }
    super.onEvent(event);
  }

  private static boolean counts(Event.Started started) {
    return started.total() > 0
        && switch (started.kind()) {
          case BLOB, LAYER, FETCH, SAVE, LOAD, VERIFY -> true;
          default -> false;
        };
  }

  private ProgressBar bar() {
    ProgressBar current = bar;
    if (current == null) {
      current =
          new ProgressBarBuilder()
              .setTaskName("bytes")
              .setUnit(" MB", MEGABYTE)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .clearDisplayOnFinish()
              .showSpeed()
              .build();
      bar = current;
    }
    return current;
  }

  private void closeBar() {
    ProgressBar current = bar;
    if (current != null) {
      current.close();
      bar = null;
    }
    total = 0;
    moved = 0;
  }

  @Override
  public void close() {
    closeBar();
  }
}
