package cloud.sealer.core.discovery;

import cloud.sealer.sdk.spi.ImageDiscoverer;

/** One way in which a Kubernetes object names images. Stateless. */
@FunctionalInterface
interface Rule {
  /**
   * Looks at one mapping; mappings inside it get their own call.
   *
   * @param place where the mapping is
   * @param mapping what to look at
   * @param sink where to report
   */
  void check(Place place, Node.Mapping mapping, ImageDiscoverer.Sink sink);
}
