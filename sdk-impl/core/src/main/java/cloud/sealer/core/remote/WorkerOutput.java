package cloud.sealer.core.remote;

import cloud.sealer.core.event.EventRelay;
import cloud.sealer.core.run.OutputLines;
import cloud.sealer.core.run.OutputTail;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the worker prints: objects on standard output, complaints on standard error. */
final class WorkerOutput implements HostOutput {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** More than the report of any build. */
  private static final int MAX_LINE = 64 * 1024 * 1024;

  private final EventRelay relay;
  private final OutputTail tail = new OutputTail();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final OutputLines complaints;
  private @Nullable JsonNode result;
  private @Nullable JsonNode failure;

  WorkerOutput(EventRelay relay, Task task) {
    this.relay = relay;
    this.complaints =
        new OutputLines(
            text -> {
              tail.add(text);
              task.output(text);
            });
  }

  @Override
  public void stdout(byte[] bytes, int offset, int length) throws IOException {
    int begin = offset;
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] == '\n') {
        line.write(bytes, begin, i - begin);
        object(line.toString(StandardCharsets.UTF_8));
        line.reset();
        begin = i + 1;
      }
    }
    line.write(bytes, begin, offset + length - begin);
    if (line.size() > MAX_LINE) {
      throw new IOException("the worker prints a line of more than " + MAX_LINE + " bytes");
    }
  }

  private void object(String text) {
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      tail.add(text);
      return;
    }
    switch (node.path("event").asText()) {
      case "result" -> result = node;
      case "failure" -> failure = node;
      default -> EventJson.read(node).ifPresent(relay::onEvent);
    }
  }

  @Override
  public void stderr(byte[] bytes, int offset, int length) {
    complaints.write(bytes, offset, length);
  }

  /** The object that the worker printed as its result. */
  JsonNode result(HostSession session, HostSession.ExitStatus status) {
    complaints.end();
    JsonNode done = result;
    if (status.ok() && done != null) {
      return done;
    }
    JsonNode said = failure;
    throw said != null ? failure(said) : silent(session, status);
  }

  private static SealerException failure(JsonNode said) {
    ErrorCode code;
    try {
      code = ErrorCode.valueOf(said.path("code").asText());
    } catch (IllegalArgumentException e) {
      code = ErrorCode.INTERNAL;
    }
    SealerException.Builder failure =
        SealerException.builder(code, "on the machine: " + said.path("message").asText())
            .remedy(said.path("remedy").asText())
            .retryable(said.path("retryable").asBoolean());
    said.path("details")
        .properties()
        .forEach(
            (Map.Entry<String, JsonNode> each) ->
                failure.detail(each.getKey(), each.getValue().asText()));
    return failure.build();
  }

  private SealerException silent(HostSession session, HostSession.ExitStatus status) {
    return SealerException.builder(
            ErrorCode.COMMAND_FAILED,
            session.host().address()
                + ": the build ended with "
                + status
                + ":\n"
                + String.join("\n", tail.lines()))
        .remedy("see what the worker complains about; it must be of this version of the library")
        .detail("status", status.status())
        .build();
  }
}
