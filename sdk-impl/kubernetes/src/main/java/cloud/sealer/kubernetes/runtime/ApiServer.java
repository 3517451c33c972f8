package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.time.Duration;

/**
 * Waiting for the API server. All waiting happens on the host, in one command with a time limit.
 */
public final class ApiServer {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /** The command on a host of the control plane, for conditions. */
  static final String KUBECTL = "kubectl --kubeconfig " + Kubectl.CONFIG + " --request-timeout=5s ";

  private static final String READY =
      KUBECTL + "--server=https://127.0.0.1:" + ApiEndpoint.PORT + " get --raw=/readyz";

  private ApiServer() {}

  /** Whether the API server of a host of the control plane itself says that it is ready. */
  public static boolean isReady(HostSession controlPlane) {
    return controlPlane.exec(HostCommand.of(READY), HostOutput.NONE).ok();
  }

  /** Waits until the API server of a host of the control plane itself says that it is ready. */
  static void awaitReady(HostSession controlPlane, String what) {
    await(controlPlane, READY, what + ": wait until the API server is ready");
  }

  /** Waits until a node is there and its kubelet says that it is ready. */
  static void awaitNodeReady(HostSession controlPlane, String node, String what) {
    await(
        controlPlane,
        "test \"$("
            + KUBECTL
            + "get node "
            + ShellText.quote(node)
            + " -o 'jsonpath={.status.conditions[?(@.type==\"Ready\")].status}')\" = True",
        what + ": wait until the node " + node + " is ready");
  }

  /**
   * Waits until all parts of the control plane on a node are ready. A controller manager that did
   * not reach its API server for a while starts anew.
   */
  static void awaitControlPlane(HostSession controlPlane, String node, String what) {
    await(
        controlPlane,
        KUBECTL
            + "-n kube-system get pods -l tier=control-plane"
            + " --field-selector spec.nodeName="
            + ShellText.quote(node)
            + " -o 'jsonpath={range .items[*]}{.metadata.name}"
            + "={.status.conditions[?(@.type==\"Ready\")].status} {end}'"
            + " | { read -r states; echo \"$states\";"
            + " case \"$states\" in '' | *=False* | *=Unknown* | *'= '* | *=) exit 1 ;; esac; }",
        what + ": wait until the control plane on " + node + " is ready");
  }

  /** Waits until a shell text ends well. */
  static void await(HostSession session, String condition, String title) {
    await(session, condition, title, PATIENCE);
  }

  /** Waits for some time until a shell text ends well. */
  static void await(HostSession session, String condition, String title, Duration patience) {
    Commands.exec(
        session,
        HostCommand.builder(
                "end=$(($(date +%s) + "
                    + patience.toSeconds()
                    + "))\nuntil last=$( { "
                    + condition
                    + "; } 2>&1); do\n"
                    + "  [ \"$(date +%s)\" -lt \"$end\" ] || { echo \"$last\" >&2; exit 1; }\n"
                    + "  sleep 1\ndone")
            .title(title)
            .timeout(patience.plusSeconds(30))
            .build());
  }
}
