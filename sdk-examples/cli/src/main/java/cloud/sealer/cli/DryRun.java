package cloud.sealer.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Whether only the steps of a change are shown: because of its option, or as part of a plan. */
final class DryRun {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(names = "--dry-run", description = "Show the steps, and do none of them.")
  private boolean given;

  @SuppressWarnings("NullAway.Init")
  DryRun() {}

  boolean wanted() {
    CommandSpec parent = spec.parent();
    return given || (parent != null && parent.userObject() instanceof PlanCommand);
  }
}
