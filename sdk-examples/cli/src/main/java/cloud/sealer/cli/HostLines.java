package cloud.sealer.cli;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;

/** Prints what a command prints on hosts, each line behind its host; all else is progress. */
final class HostLines implements EventListener {
  private final PrintWriter out;
  private final EventListener progress;
  private final Map<Long, String> hosts = new HashMap<>();

  HostLines(PrintWriter out, EventListener progress) {
    this.out = out;
    this.progress = progress;
  }

  @Override
  public void onEvent(Event event) {
    if (event instanceof Event.Started started && started.kind() == Event.TaskKind.EXEC) {
      hosts.put(started.task(), started.name());
    }
    if (event instanceof Event.Output output && hosts.containsKey(output.task())) {
      out.println(hosts.get(output.task()) + ": " + output.line());
      out.flush();
    } else {
      progress.onEvent(event);
    }
  }
}
