package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.host.LocalHostConnector;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.testkit.tck.ImageDistributorTck;

class SendingDistributorTckIT extends ImageDistributorTck {
  @Override
  protected ImageDistributor distributor() {
    return new SendingDistributor();
  }

  @Override
  protected HostConnector connector() {
    return new LocalHostConnector();
  }

  @Override
  protected Host host() {
    return Host.at(HostAddress.parse("127.0.0.1"));
  }

  @Override
  protected void publish(Reference image, Descriptor layer, byte[] bytes) {
    // A layer is sent from where it is.
  }
}
