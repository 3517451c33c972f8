package cloud.sealer.kubernetes.distribution;

import cloud.sealer.sdk.Distribution;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.ImageDistributor;

/** Layers come over the connection to the host: whoever can reach a host can send to it. */
final class SendingDistributor implements ImageDistributor {
  @Override
  public String name() {
    return Distribution.SEND.distributor();
  }

  @Override
  public HostCommand fetch(Request request) {
    return HostCommand.builder("cat")
        .title("receive layer " + request.layer().digest())
        .stdin(request.content())
        .build();
  }
}
