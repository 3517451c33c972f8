package cloud.sealer.core.remote;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Reads the events that the worker prints with {@code --progress json}. */
final class EventJson {
  private EventJson() {}

  /** The event that an object is; empty for an object that is none. */
  static Optional<Event> read(JsonNode node) {
    try {
      Instant time = Instant.parse(node.path("time").asText());
      long task = node.path("task").asLong();
      return Optional.ofNullable(
          switch (node.path("event").asText()) {
            case "started" -> started(node, time, task);
            case "progress" ->
                new Event.Progress(
                    time, task, node.path("done").asLong(), node.path("total").asLong());
            case "output" -> new Event.Output(time, task, node.path("line").asText());
            case "notice" -> new Event.Notice(time, task, node.path("message").asText());
            case "retried" ->
                new Event.Retried(
                    time,
                    task,
                    node.path("attempt").asInt(),
                    Duration.ofMillis(node.path("delayMillis").asLong()),
                    node.path("cause").asText());
            case "resumed" -> new Event.Resumed(time, task, node.path("offset").asLong());
            case "evicted" ->
                new Event.Evicted(
                    time,
                    task,
                    Digest.parse(node.path("digest").asText()),
                    node.path("reason").asText());
            case "finished" -> finished(node, time, task);
            default -> null;
          });
    } catch (RuntimeException e) {
      // Not one of ours: DateTimeException, IllegalArgumentException.
      return Optional.empty();
    }
  }

  private static Event started(JsonNode node, Instant time, long task) {
    return new Event.Started(
        time,
        task,
        node.path("parent").asLong(),
        Event.TaskKind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
        node.path("name").asText(),
        node.path("total").asLong(-1));
  }

  private static Event finished(JsonNode node, Instant time, long task) {
    JsonNode detail = node.path("detail");
    return new Event.Finished(
        time,
        task,
        Event.Outcome.valueOf(node.path("outcome").asText().toUpperCase(Locale.ROOT)),
        detail.isTextual() ? detail.asText() : null);
  }
}
