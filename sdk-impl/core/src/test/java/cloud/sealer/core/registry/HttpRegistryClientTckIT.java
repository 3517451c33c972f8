package cloud.sealer.core.registry;

import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.testkit.tck.RegistryClientTck;
import java.time.Clock;

class HttpRegistryClientTckIT extends RegistryClientTck {
  @Override
  protected RegistryClient client(RegistryOptions options) {
    return new HttpRegistryClient(options, 4, Clock.systemUTC(), Sleeper.THREAD);
  }
}
