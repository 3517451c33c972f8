package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Event;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostLinesTest {
  @Test
  void linesOfHostsAreTheResultAndAllElseIsProgress() {
    StringWriter out = new StringWriter();
    List<Event> progress = new ArrayList<>();
    HostLines lines = new HostLines(new PrintWriter(out), progress::add);

    lines.onEvent(started(1, Event.TaskKind.CLUSTER, "exec on prod"));
    lines.onEvent(started(2, Event.TaskKind.EXEC, "10.0.0.1"));
    lines.onEvent(new Event.Output(Instant.EPOCH, 2, "up 3 days"));
    lines.onEvent(new Event.Output(Instant.EPOCH, 1, "of nobody"));

    assertThat(out.toString().lines()).containsExactly("10.0.0.1: up 3 days");
    assertThat(progress).hasSize(3).last().isInstanceOf(Event.Output.class);
  }

  private static Event started(long task, Event.TaskKind kind, String name) {
    return new Event.Started(Instant.EPOCH, task, 0, kind, name, -1);
  }
}
