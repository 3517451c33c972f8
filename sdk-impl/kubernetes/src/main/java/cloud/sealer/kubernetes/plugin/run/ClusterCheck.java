package cloud.sealer.kubernetes.plugin.run;

import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.step.StepContext;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.spi.HostCommand;
import java.time.Duration;

/** Waits until all pods of the system are ready, and says which are not if that takes too long. */
final class ClusterCheck extends PluginStep {
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final String CHECK =
      """
      end=$(($(date +%s) + PATIENCE))
      while :; do
        if pods=$(kubectl --kubeconfig CONFIG --request-timeout=10s -n kube-system get pods \
          --no-headers 2>&1) && [ -n "$pods" ]; then
          late=$(echo "$pods" | awk '
            $3 == "Completed" { next }
            { split($2, ready, "/"); if (ready[1] != ready[2] || $3 != "Running") print }')
          [ -n "$late" ] || exit 0
        else
          late=$pods
        fi
        [ "$(date +%s)" -lt "$end" ] || break
        sleep 2
      done
      echo "these pods are not ready:" >&2
      echo "$late" >&2
      exit 1
      """;

  ClusterCheck(PluginSpec plugin, Phase phase, Host controlPlane) {
    super(plugin, phase, controlPlane);
  }

  @Override
  public boolean wholeCluster() {
    return true;
  }

  @Override
  void execute(StepContext context) {
    context.exec(
        HostCommand.builder(
                CHECK
                    .replace("PATIENCE", Long.toString(PATIENCE.toSeconds()))
                    .replace("CONFIG", Kubectl.CONFIG))
            .title("wait until the pods of the system are ready")
            .timeout(PATIENCE.plusMinutes(1))
            .build());
  }
}
