package cloud.sealer.core.host;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.testkit.tck.HostConnectorTck;

class LocalHostConnectorTckIT extends HostConnectorTck {
  @Override
  protected HostConnector connector() {
    assumeTrue("root".equals(System.getProperty("user.name")), "this needs root");
    return new LocalHostConnector();
  }

  @Override
  protected Host host() {
    return Host.at(HostAddress.parse("127.0.0.1"));
  }
}
