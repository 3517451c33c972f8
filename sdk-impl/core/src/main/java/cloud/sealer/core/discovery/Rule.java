package cloud.sealer.core.discovery;

/** One way in which a Kubernetes object names images. Stateless. */
@FunctionalInterface
interface Rule {
  /**
   * Looks at one mapping; mappings inside it get their own call.
   *
   * @param place where the mapping is
   * @param mapping what to look at
   * @param reports where to report; drops what an earlier rule reported of the same place
   */
  void check(Place place, Node.Mapping mapping, Reports reports);
}
