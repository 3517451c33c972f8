package cloud.sealer.ssh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.testkit.EmbeddedSshHost;
import cloud.sealer.testkit.tck.HostConnectorTck;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

class EmbeddedSshTckIT extends HostConnectorTck {
  private final EmbeddedSshHost server = EmbeddedSshHost.start();

  @AfterEach
  void stop() {
    server.close();
  }

  @Override
  protected HostConnector connector() {
    assumeTrue(Files.isDirectory(Path.of("/proc/self")), "commands need Linux");
    return SshHostConnector.builder(HostKeyPolicy.acceptAll()).build();
  }

  @Override
  protected Host host() {
    return server.host();
  }

  /** The user of the server is root by name only. */
  @Override
  protected boolean root() {
    return false;
  }
}
