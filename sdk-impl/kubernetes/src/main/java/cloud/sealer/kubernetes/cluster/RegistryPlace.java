package cloud.sealer.kubernetes.cluster;

import cloud.sealer.kubernetes.registry.ClusterRegistry;
import cloud.sealer.kubernetes.registry.RegistrySteps;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.runtime.ApiEndpoint;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.SealerException;
import java.util.List;

/** Which host has the registry. */
final class RegistryPlace {
  private RegistryPlace() {}

  /**
   * The host that the image names, or that has the registry already, or the given one.
   *
   * @throws SealerException if the image names a host that is not of the cluster
   */
  static ClusterRegistry of(
      Situation situation,
      HostView acting,
      RegistrySettings settings,
      List<ContainerImage> images) {
    HostView host =
        settings
            .host()
            .map(address -> named(situation, address))
            .orElseGet(
                () ->
                    situation.hosts().stream()
                        .filter(view -> view.record().holds(RegistrySteps.NAME))
                        .findFirst()
                        .orElse(acting));
    return new ClusterRegistry(
        settings, host, ApiEndpoint.address(host), ClusterRegistry.registries(images, settings));
  }

  private static HostView named(Situation situation, HostAddress address) {
    return situation.hosts().stream()
        .filter(view -> view.address().host().equals(address.host()))
        .findFirst()
        .orElseThrow(
            () ->
                SealerException.builder(
                        ErrorCode.INVALID_REQUEST,
                        "the registry is wanted on "
                            + address
                            + ", which is no host of the cluster")
                    .remedy(
                        "add the host to the cluster, or change ip of spec.registry in the"
                            + " Clusterfile or of etc/registry.yml in the image")
                    .build());
  }

  /** Refuses to take out the host of the registry while nothing puts it elsewhere. */
  static void requireStaying(Situation situation) {
    for (HostView view : situation.leaving()) {
      if (view.record().holds(RegistrySteps.NAME)) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                view.address() + " has the registry of the cluster, which would be gone with it")
            .remedy("apply a Clusterfile without this host: that moves the registry first")
            .build();
      }
    }
  }
}
