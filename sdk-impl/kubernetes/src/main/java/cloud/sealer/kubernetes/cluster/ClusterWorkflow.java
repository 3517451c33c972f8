package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Workflow;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.security.SecureRandom;
import java.util.List;

/** The steps of every change of a cluster, in their order. */
public final class ClusterWorkflow implements Workflow {
  private final RunnerProvider.Settings settings;
  private final List<ClusterPlugin> providers;
  private final SecureRandom random = new SecureRandom();

  /**
   * A workflow.
   *
   * @param settings what the runner works with
   * @param providers the types of plugins that are not built in
   */
  public ClusterWorkflow(RunnerProvider.Settings settings, List<ClusterPlugin> providers) {
    this.settings = settings;
    this.providers = List.copyOf(providers);
  }

  @Override
  public List<Stage> stages(Situation situation) {
    ClusterChange change = situation.change();
    if (change instanceof ClusterChange.Delete) {
      return new Removal(situation, providers).ofCluster();
    }
    if (change instanceof ClusterChange.Remove) {
      return new Removal(situation, providers).ofHosts();
    }
    if (change instanceof ClusterChange.ExtendCertificate extension) {
      return Certificates.stages(situation, extension);
    }
    ImageContents contents = ImageContents.of(situation, settings);
    List<ImageContents> installed = ImageContents.installed(situation, settings);
    if (contents.bringsKubernetes()) {
      return new KubernetesInstallation(
              situation, contents, installed, settings.clock(), random, providers)
          .stages();
    }
    return new ApplicationInstallation(
            situation, contents, installed, settings.clock(), random, providers)
        .stages();
  }
}
