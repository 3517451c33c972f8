package cloud.sealer.docker;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.testkit.tck.HostConnectorTck;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
class DockerHostConnectorTckIT extends HostConnectorTck {
  private static Engine engine;

  @BeforeAll
  static void start(@TempDir Path directory) throws Exception {
    engine = Engine.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    if (engine != null) {
      engine.close();
    }
  }

  @Override
  protected HostConnector connector() {
    return DockerHostConnector.of(engine.address());
  }

  @Override
  protected Host host() {
    return Host.at(HostAddress.parse(Engine.CONTAINER));
  }
}
