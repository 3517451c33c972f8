package cloud.sealer.core.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the body of an error says, made fit for one line of a message: bounded, without control
 * characters. Understands the {@code errors} list of the distribution specification, what token
 * services send, and plain text.
 */
final class ErrorBody {
  static final int LIMIT = 16 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_TEXT = 400;
  private static final int MAX_ERRORS = 5;
  private static final Pattern MARKUP = Pattern.compile("(?is)<(script|style)\\b.*?</\\1>|<[^>]*>");
  private static final Pattern NOT_PRINTABLE =
      Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+");

  private ErrorBody() {}

  /** The text; empty if the body says nothing. */
  static String text(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      if (json != null && json.isObject()) {
        return clean(String.join("; ", messages(json)));
      }
    } catch (JsonProcessingException e) {
      // Not JSON, or cut off by the limit: shown as text.
    } catch (IOException e) {
      throw new IllegalStateException("reading an array cannot fail", e);
    }
    return clean(MARKUP.matcher(new String(body, StandardCharsets.UTF_8)).replaceAll(" "));
  }

  /** One line of printable characters. */
  static String clean(String text) {
    String line = NOT_PRINTABLE.matcher(text).replaceAll(" ").strip();
    return line.length() <= MAX_TEXT ? line : line.substring(0, MAX_TEXT) + "…";
  }

  /** The error codes, such as {@code BLOB_UPLOAD_UNKNOWN}. */
  static Set<String> codes(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json == null ? Set.of() : Set.copyOf(json.path("errors").findValuesAsText("code"));
    } catch (IOException e) {
      return Set.of();
    }
  }

  private static List<String> messages(JsonNode json) {
    List<String> messages = new ArrayList<>();
    for (JsonNode error : json.path("errors")) {
      if (messages.size() < MAX_ERRORS) {
        messages.add(error.isTextual() ? error.asText() : message(error));
      }
    }
    for (String name : List.of("error", "error_description", "message", "details")) {
      if (messages.isEmpty() || name.equals("error_description")) {
        String text = json.path(name).asText("");
        if (!text.isEmpty()) {
          messages.add(text);
        }
      }
    }
    return messages;
  }

  private static String message(JsonNode error) {
    String code = error.path("code").asText("");
    String message = error.path("message").asText("");
    JsonNode detail = error.path("detail");
    String more =
        detail.isTextual() ? detail.asText() : detail.isContainerNode() ? detail.toString() : "";
    String text = code.isEmpty() || message.isEmpty() ? code + message : code + ": " + message;
    return more.isEmpty() || more.equals(message) || more.equals("{}") || more.equals("[]")
        ? text
        : text + " (" + more + ")";
  }
}
