package cloud.sealer.kubernetes.distribution;

import cloud.sealer.testkit.EmbeddedRegistry;
import java.time.Duration;

class PullingByTokenTckIT extends PullingFixture {
  PullingByTokenTckIT() {
    super(EmbeddedRegistry.builder().bearerAuth(USER, Duration.ofMinutes(5)));
  }
}
