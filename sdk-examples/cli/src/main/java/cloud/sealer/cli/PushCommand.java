package cloud.sealer.cli;

import cloud.sealer.sdk.Digest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer push}. */
@Command(
    name = "push",
    description = "Send an image to the registry of its name.",
    sortOptions = false)
final class PushCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name of the image.")
  private String name;

  @SuppressWarnings("NullAway.Init")
  PushCommand() {}

  @Override
  public Integer call() {
    Digest digest = common.with((sealer, listener) -> sealer.images().push(name, listener));
    if (common.isJson()) {
      ObjectNode node = Json.object();
      node.put("event", "result");
      node.put("name", name);
      node.put("digest", digest.toString());
      common.out().println(node);
    } else {
      common.out().println(name + " " + digest);
    }
    return 0;
  }
}
