package cloud.sealer.core.registry;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.testkit.tck.RegistryAuthTck;
import java.time.Clock;

class HttpRegistryClientAuthTckIT extends RegistryAuthTck {
  @Override
  protected RegistryClient client(RegistryOptions options) {
    return new HttpRegistryClient(options, 4, Clock.systemUTC(), Sleeper.THREAD);
  }
}
