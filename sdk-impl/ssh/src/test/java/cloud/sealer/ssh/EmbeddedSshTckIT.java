package cloud.sealer.ssh;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.testkit.EmbeddedSshHost;
import cloud.sealer.testkit.tck.HostConnectorTck;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedSshTckIT extends HostConnectorTck {
  private static EmbeddedSshHost server;

  @BeforeAll
  static void start() {
    server = EmbeddedSshHost.start();
  }

  @AfterAll
  static void stop() {
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
