package cloud.sealer.kubernetes;

import cloud.sealer.kubernetes.cluster.ClusterWorkflow;
import cloud.sealer.kubernetes.flow.DefaultRunner;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.spi.RunnerProvider;

/** Makes the {@link Runner} of this artifact. */
public final class KubernetesRunnerProvider implements RunnerProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public KubernetesRunnerProvider() {}

  @Override
  public Runner create(Settings settings) {
    return new DefaultRunner(settings, new ClusterWorkflow(settings));
  }
}
