package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterSpec;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code sealer run}. */
@Command(
    name = "run",
    description = "Start a cluster from an image on hosts, or make it as the image says.",
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Mixin private ClusterWork work;
  @Mixin private SpecOptions wanted;

  @Mixin private DryRun dryRun;
  @Mixin private Confirmation confirmation;
  @Mixin private KubeconfigOption kubeconfig;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The cluster image, or an archive.")
  private String image;

  @SuppressWarnings("NullAway.Init")
  RunCommand() {}

  @Override
  public Integer call() {
    boolean archived = ImageName.isArchive(image);
    if (archived) {
      work.archive(Path.of(image));
    }
    ClusterSpec spec =
        work.withSealer(
            (sealer, options) ->
                wanted.spec(
                    sealer,
                    archived ? ImageName.only(sealer, image).reference().toString() : image,
                    work.login()));
    return work.change(
        runner -> confirmation.apply(spec, runner, dryRun),
        dryRun.wanted(),
        (runner, done, options) -> kubeconfig.merge(runner, done.cluster(), options));
  }
}
