package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.record.Journal;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.kubernetes.step.Verdict;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;

/**
 * Takes back all that was done on a host, by its journal, and removes the cluster's directory
 * there. Needs neither the image nor an API server.
 *
 * @param host the host
 */
public record UndoAll(Host host) implements Step {
  // Something mounted below would lose its content.
  private static final String REMOVE =
      """
      [ -d "$ROOT" ] || exit 0
      awk -v below="$ROOT/" 'index($5, below) == 1 { print $5 }' /proc/self/mountinfo | sort -r |
        while read -r mount; do umount "$mount" || exit 1; done || exit 1
      rm -rf --one-file-system "$ROOT"
      # The directories above are ours only where nobody named another one.
      case ${ROOT%/*} in
        */var/lib/sealer/data) rmdir -p "${ROOT%/*}" 2>/dev/null || : ;;
        *) rmdir "${ROOT%/*}" 2>/dev/null || : ;;
      esac
      """;

  @Override
  public String name() {
    return "undo";
  }

  @Override
  public boolean recorded() {
    return false;
  }

  @Override
  public String fingerprint() {
    return "";
  }

  @Override
  public Verdict check(HostView view, boolean probed) {
    return Verdict.needed("");
  }

  @Override
  public void run(StepContext context) {
    Journal.replay(context.session(), context.paths(), 0, context.task()::output);
    removeDirectory(context.session(), context.paths());
  }

  /** Removes what is left of a cluster on a host. */
  static void removeDirectory(HostSession session, HostPaths paths) {
    Commands.exec(
        session,
        HostCommand.builder(REMOVE)
            .title("remove " + paths.root())
            .environment("ROOT", paths.root())
            .build());
  }
}
