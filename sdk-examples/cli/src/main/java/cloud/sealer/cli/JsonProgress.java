package cloud.sealer.cli;

import cloud.sealer.sdk.Event;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows each event as one line of JSON; the members are the parts of the event. */
final class JsonProgress implements Progress {
  private final PrintWriter out;

  JsonProgress(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onEvent(Event event) {
    ObjectNode node = Json.object();
    node.put("event", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    node.put("time", event.time().toString());
    node.put("task", event.task());
    if (event instanceof Event.Started started) {
      node.put("parent", started.parent());
      node.put("kind", started.kind().name().toLowerCase(Locale.ROOT));
      node.put("name", started.name());
      node.put("total", started.total());
    } else if (event instanceof Event.Progress progress) {
      node.put("done", progress.done());
      node.put("total", progress.total());
    } else if (event instanceof Event.Output output) {
      node.put("line", output.line());
    } else if (event instanceof Event.Notice notice) {
      node.put("message", notice.message());
    } else if (event instanceof Event.Retried retried) {
      node.put("attempt", retried.attempt());
      node.put("delayMillis", retried.delay().toMillis());
      node.put("cause", retried.cause());
    } else if (event instanceof Event.Resumed resumed) {
      node.put("offset", resumed.offset());
    } else if (event instanceof Event.Evicted evicted) {
      node.put("digest", evicted.digest().toString());
      node.put("reason", evicted.reason());
    } else if (event instanceof Event.Finished finished) {
      node.put("outcome", finished.outcome().name().toLowerCase(Locale.ROOT));
      node.put("detail", finished.detail());
    }
    out.println(node);
    out.flush();
  }
}
