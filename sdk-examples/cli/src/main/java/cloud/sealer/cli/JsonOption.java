package cloud.sealer.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The option that asks for a result as JSON. */
final class JsonOption {
  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean json;

  JsonOption() {}

  /** Whether JSON was asked for. */
  boolean isSet() {
    return json;
  }

  /** Prints the JSON if it was asked for; false if text was. */
  boolean print(PrintWriter out, JsonNode node) {
    if (json) {
      out.println(Json.text(node));
    }
    return json;
  }
}
