package cloud.sealer.kubernetes.runtime;

import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.ContainerImage;
import java.util.List;
import java.util.Optional;

/**
 * What spreads the requests of a worker over the hosts of the control plane.
 *
 * <p>The rule, for each worker on its own: {@link #LVSCARE} if the image brings lvscare and the
 * worker's kernel has the module {@code ip_vs}, loaded or to be loaded; otherwise {@link #HAPROXY}
 * if the image brings haproxy; otherwise none, and the worker goes through the addresses of the
 * control plane in {@code /etc/hosts} in their order. An image is known by the last word of its
 * repository.
 */
public enum Balancer {
  /**
   * Rules of IPVS for a virtual address, which the static pod makes and keeps true: no program is
   * in the way of the bytes.
   */
  LVSCARE("lvscare", VirtualServer.ADDRESS) {
    @Override
    boolean worksOn(HostView worker) {
      return !worker.traits().contains("without-ip_vs");
    }

    @Override
    String manifest(String image, List<String> controlPlanes) {
      return VirtualServer.manifest(image, controlPlanes);
    }
  },
  /** A proxy on an address of the worker itself. */
  HAPROXY("haproxy", "127.0.0.1") {
    @Override
    boolean worksOn(HostView worker) {
      return true;
    }

    @Override
    String manifest(String image, List<String> controlPlanes) {
      return Haproxy.manifest(image, controlPlanes);
    }
  };

  private final String program;
  private final String address;

  Balancer(String program, String address) {
    this.program = program;
    this.address = address;
  }

  /**
   * Where a worker that has a balancer asks for the API server, by its record.
   *
   * @param worker the worker
   * @return an address; empty if it has none
   */
  public static String addressOf(HostView worker) {
    if (!worker.record().holds(LoadBalancer.NAME)) {
      return "";
    }
    return (worker.record().holds(VirtualServer.NAME) ? LVSCARE : HAPROXY).address;
  }

  /**
   * What is used on a worker.
   *
   * @param balancer the balancer
   * @param image the name of its image that the worker can pull
   */
  public record Choice(Balancer balancer, String image) {
    /** Where the worker asks for the API server. */
    public String address() {
      return balancer.address;
    }
  }

  /**
   * Chooses by the rule.
   *
   * @param images the images that the cluster image brings
   * @param registry the cluster's registry, such as {@code sea.hub:5000}
   * @param worker the worker
   * @return the choice; empty for none
   */
  public static Optional<Choice> choose(
      List<ContainerImage> images, String registry, HostView worker) {
    for (Balancer balancer : values()) {
      Optional<String> image = balancer.image(images, registry);
      if (image.isPresent() && balancer.worksOn(worker)) {
        return Optional.of(new Choice(balancer, image.get()));
      }
    }
    return Optional.empty();
  }

  private Optional<String> image(List<ContainerImage> images, String registry) {
    return images.stream()
        .map(ContainerImage::reference)
        .filter(reference -> reference.tag().isPresent())
        .filter(reference -> reference.repository().matches("(?:.*/)?" + program))
        .findFirst()
        .map(
            reference ->
                registry + "/" + reference.repository() + ":" + reference.tag().orElseThrow());
  }

  abstract boolean worksOn(HostView worker);

  /** The static pod. */
  abstract String manifest(String image, List<String> controlPlanes);
}
