package cloud.sealer.cli;

import cloud.sealer.sdk.Referrer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sealer referrers}. */
@Command(
    name = "referrers",
    description = "List what is attached to an image: signatures, bills of materials and others.",
    sortOptions = false)
final class ReferrersCommand implements Callable<Integer> {
  @Mixin private Common common;

  @Parameters(index = "0", paramLabel = "NAME", description = "The name or digest of an image.")
  private String name;

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean json;

  @SuppressWarnings("NullAway.Init")
  ReferrersCommand() {}

  @Override
  public Integer call() {
    List<Referrer> found = common.with((sealer, listener) -> sealer.trust().referrers(name));
    if (json) {
      common.out().println(Json.text(Json.referrers(found)));
    } else {
      for (Referrer one : found) {
        common
            .out()
            .println(one.subject() + " " + one.artifactType() + " " + one.descriptor().digest());
      }
    }
    return 0;
  }
}
