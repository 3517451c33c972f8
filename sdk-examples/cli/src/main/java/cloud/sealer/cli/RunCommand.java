package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.InfrastructureSpec;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sealer run}. */
@Command(
    name = "run",
    description = "Start a cluster from an image on hosts, or make it as the image says.",
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ClusterWork work;
  @Mixin private SpecOptions wanted;

  @Mixin private DryRun dryRun;
  @Mixin private Confirmation confirmation;
  @Mixin private KubeconfigOption kubeconfig;

  @Option(
      names = "--make-machines",
      description =
          "Make the machines that the image's Clusterfile describes; they may cost money.")
  private boolean makeMachines;

  @Parameters(index = "0", paramLabel = "IMAGE", description = "The cluster image, or an archive.")
  private String image;

  @SuppressWarnings("NullAway.Init")
  RunCommand() {}

  /** Whoever runs an image need not know that it wants machines, nor whose and how many. */
  private void refuse(InfrastructureSpec machines) {
    String provider = machines.provider().isEmpty() ? "" : " of " + machines.provider();
    String start = machines.image().isEmpty() ? "" : " from \"" + machines.image() + "\"";
    throw new ParameterException(
        command.commandLine(),
        "the image's Clusterfile wants "
            + machines.count()
            + " machines"
            + provider
            + " made"
            + start
            + ", which may cost money: give --make-machines if you want them too, or hosts with"
            + " -m");
  }

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
    if (!dryRun.wanted() && !makeMachines) {
      spec.infrastructure().ifPresent(this::refuse);
    }
    return work.change(
        (runner, options) ->
            confirmation.apply(
                spec, runner.clusters(), change -> runner.plan(change, options), dryRun),
        dryRun.wanted(),
        (runner, done, options) -> kubeconfig.merge(runner, done.cluster(), options));
  }
}
