package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterImage;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer merge}. */
@Command(name = "merge", description = "Make one image of several.", sortOptions = false)
final class MergeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Common common;

  @Option(
      names = {"-t", "--target-image"},
      paramLabel = "NAME",
      required = true,
      description = "The name of the new image.")
  private String target;

  @Parameters(
      arity = "1..*",
      index = "0..*",
      paramLabel = "IMAGE",
      description = "Two images or more, or archives; what later ones have counts.")
  private List<String> sources;

  @SuppressWarnings("NullAway.Init")
  MergeCommand() {}

  @Override
  public Integer call() {
    if (sources.size() < 2) {
      throw new ParameterException(spec.commandLine(), "a merge needs two images or more");
    }
    ClusterImage merged =
        ImageName.with(
            common,
            sources,
            (sealer, listener) ->
                sealer
                    .images()
                    .merge(
                        target, sources.stream().map(name -> ImageName.of(sealer, name)).toList()));
    common.out().println(merged.reference().familiar(common.names()) + " " + merged.digest());
    return 0;
  }
}
