package cloud.sealer.ssh;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.testkit.tck.HostConnectorTck;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
class OpenSshTckIT extends HostConnectorTck {
  private static OpenSsh server;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    Machine.require("sshd", "ssh-keygen");
    server = OpenSsh.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Override
  protected HostConnector connector() throws Exception {
    return SshHostConnector.builder(HostKeyPolicy.acceptAll()).build();
  }

  @Override
  protected Host host() {
    return server.root();
  }
}
