package cloud.sealer.kubernetes.distribution;

import cloud.sealer.testkit.EmbeddedRegistry;

class PullingByPasswordTckIT extends PullingFixture {
  PullingByPasswordTckIT() {
    super(EmbeddedRegistry.builder().basicAuth(USER));
  }
}
