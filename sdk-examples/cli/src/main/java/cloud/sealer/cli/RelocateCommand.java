package cloud.sealer.cli;

import cloud.sealer.sdk.Relocation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer relocate}. */
@Command(
    name = "relocate",
    description = "Send the container images of an image to another registry.",
    sortOptions = false)
final class RelocateCommand implements Callable<Integer> {
  @Mixin private Common common;
  @Mixin private JsonOption json;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The cluster image, or an archive.")
  private String name;

  @Parameters(
      index = "1",
      paramLabel = "REGISTRY[/PREFIX]",
      description = "Where they go, each under its own repository.")
  private String target;

  @SuppressWarnings("NullAway.Init")
  RelocateCommand() {}

  @Override
  public Integer call() {
    List<Relocation> relocations =
        ImageName.with(
            common,
            List.of(name),
            (sealer, listener) ->
                sealer.images().relocate(ImageName.of(sealer, name), target, listener));
    if (!json.print(common.out(), ShippingJson.relocated(relocations))) {
      for (Relocation moved : relocations) {
        common
            .out()
            .printf(
                "%s %s %s%n",
                moved.from(),
                moved.to(),
                moved.digest().equals(moved.original())
                    ? moved.digest()
                    : moved.digest() + " (some platforms of " + moved.original() + ")");
      }
    }
    return 0;
  }
}
