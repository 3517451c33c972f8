package cloud.sealer.core.machines;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;

/**
 * The way to machines that are all gone: there is none. Their addresses were private ones, and
 * whoever has them on the caller's own network is somebody else.
 */
final class UnreachableHosts implements HostConnector {
  @Override
  public String name() {
    return "none";
  }

  @Override
  public boolean reaches(Host host) {
    return true;
  }

  @Override
  public HostSession connect(Host host, Task task) {
    throw SealerException.builder(
            ErrorCode.HOST_UNREACHABLE, host.address() + " was a machine that is gone")
        .remedy("apply the Clusterfile to have it made anew, or delete the cluster")
        .build();
  }
}
