package cloud.sealer.kubernetes;

import cloud.sealer.kubernetes.cluster.ClusterWorkflow;
import cloud.sealer.kubernetes.flow.DefaultRunner;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Makes the {@link Runner} of this artifact. Types of plugins are found by {@link ServiceLoader}.
 */
public final class KubernetesRunnerProvider implements RunnerProvider {
  /** Called by {@link java.util.ServiceLoader}. */
  public KubernetesRunnerProvider() {}

  @Override
  public Runner create(Settings settings) {
    List<ClusterPlugin> plugins =
        ServiceLoader.load(ClusterPlugin.class, KubernetesRunnerProvider.class.getClassLoader())
            .stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    return new DefaultRunner(settings, new ClusterWorkflow(settings, plugins));
  }
}
