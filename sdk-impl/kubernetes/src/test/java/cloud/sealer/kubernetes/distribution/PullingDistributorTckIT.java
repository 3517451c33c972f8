package cloud.sealer.kubernetes.distribution;

import cloud.sealer.testkit.EmbeddedRegistry;

class PullingDistributorTckIT extends PullingFixture {
  PullingDistributorTckIT() {
    super(EmbeddedRegistry.builder());
  }
}
