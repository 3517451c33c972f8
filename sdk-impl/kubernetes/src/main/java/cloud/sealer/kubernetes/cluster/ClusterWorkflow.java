package cloud.sealer.kubernetes.cluster;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.kubernetes.distribution.Distributors;
import cloud.sealer.kubernetes.health.ClusterHealth;
import cloud.sealer.kubernetes.preflight.Preflight;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Workflow;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.spi.ClusterPlugin;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Function;

/** The steps of every change of a cluster, in their order. */
public final class ClusterWorkflow implements Workflow {
  private final RunnerProvider.Settings settings;
  private final List<ClusterPlugin> providers;
  private final Distributors distributors;
  private final SecureRandom random = new SecureRandom();

  /**
   * A workflow.
   *
   * @param settings what the runner works with
   */
  public ClusterWorkflow(RunnerProvider.Settings settings) {
    this.settings = settings;
    this.providers = settings.plugins();
    this.distributors =
        new Distributors(settings.distributors(), settings.client(), settings.registries());
  }

  @Override
  public List<HostFinding> check(
      Situation situation, Function<HostAddress, HostSession> sessions, Transfers parallel) {
    List<HostView> members = situation.hosts().stream().filter(Members::isNode).toList();
    if (members.stream().noneMatch(view -> view.host().controlPlane())) {
      return List.of();
    }
    return new ClusterHealth(
            members, Preflight.registry(situation), sessions, parallel, settings.clock().instant())
        .check();
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
    Tools tools = new Tools(settings.clock(), random, providers, distributors);
    return contents.bringsKubernetes()
        ? new KubernetesInstallation(situation, contents, installed, tools).stages()
        : new ApplicationInstallation(situation, contents, installed, tools).stages();
  }
}
