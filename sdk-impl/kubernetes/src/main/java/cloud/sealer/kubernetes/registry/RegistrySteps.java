package cloud.sealer.kubernetes.registry;

import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.kubernetes.record.HostPaths;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** The steps that have to do with the registry of a cluster. Immutable. */
public final class RegistrySteps {
  /** The name of the step that starts the registry, by which its record is known. */
  public static final String NAME = "registry";

  private final ClusterRegistry registry;
  private final HostPaths paths;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * Steps for a cluster.
   *
   * @param registry its registry
   * @param paths where files are on hosts
   * @param clock tells when certificates begin
   * @param random makes keys
   */
  public RegistrySteps(
      ClusterRegistry registry, HostPaths paths, Clock clock, SecureRandom random) {
    this.registry = registry;
    this.paths = paths;
    this.clock = clock;
    this.random = random;
  }

  /** The registry. */
  public ClusterRegistry registry() {
    return registry;
  }

  /**
   * Makes the registry serve, and hosts pull from it.
   *
   * @param hosts the hosts of the cluster
   * @param inside the addresses of its nodes and the networks in it, which no proxy leads to
   * @param rootfsFingerprint changes when the rootfs of the registry's host is made anew
   */
  public List<Stage> start(List<HostView> hosts, List<String> inside, String rootfsFingerprint) {
    List<Step> trust = new ArrayList<>();
    for (HostView host : hosts) {
      trust.add(new TrustRegistry(host, registry));
      if (registry.settings().credentials().isPresent()) {
        trust.add(new RegistryLogin(host, registry));
      }
      trust.add(new ContainerdMirrors(host, registry));
      trust.add(new NoProxy(host, registry, inside));
    }
    return List.of(
        new Stage(
            "registry certificate",
            List.of(
                new RegistryCertificate(
                    registry, paths, new CertificateAuthority(clock, random), clock))),
        new Stage("trust the registry", trust),
        new Stage("registry", List.of(new StartRegistry(registry, rootfsFingerprint, random))));
  }

  /**
   * Makes images of other registries come from this one, when the API server is there.
   *
   * @param controlPlane a host of the control plane
   * @param hosts the nodes
   */
  public List<Stage> standIn(HostView controlPlane, List<HostView> hosts) {
    if (registry.names().isEmpty()) {
      return List.of();
    }
    List<Step> names = new ArrayList<>();
    for (HostView host : hosts) {
      registry.names().stream()
          .map(ClusterRegistry::hostName)
          .distinct()
          .forEach(name -> names.add(new StandInName(host, controlPlane.address(), name)));
    }
    return List.of(
        new Stage(
            "service of the registry", List.of(new StandInService(controlPlane.host(), registry))),
        new Stage("names of other registries", names));
  }
}
