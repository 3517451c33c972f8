package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.host.LocalHostConnector;
import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.testkit.EmbeddedRegistry;
import cloud.sealer.testkit.RecordingTask;
import cloud.sealer.testkit.tck.ImageDistributorTck;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** Hosts that pull from a registry of some kind of login. */
abstract class PullingFixture extends ImageDistributorTck {
  static final Credentials USER = Credentials.basic("puller", "Pull-Secret-17");

  private final EmbeddedRegistry registry;
  private final HttpRegistryClient client;
  private final RegistryOptions options;

  PullingFixture(EmbeddedRegistry.Builder builder) {
    registry = builder.start();
    options =
        RegistryOptions.builder()
            .plainHttp(registry.address())
            .credentials(name -> Optional.of(USER))
            .build();
    client = new HttpRegistryClient(options, 4, Clock.systemUTC(), Sleeper.THREAD);
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
  }

  @Override
  protected ImageDistributor distributor() {
    return new PullingDistributor(client, options);
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
  protected String from() {
    return registry.address();
  }

  @Override
  protected List<String> secrets() {
    return List.of("Pull-Secret-17", "cHVsbGVyOlB1bGwtU2VjcmV0LTE3", "Bearer ");
  }

  @Override
  protected void publish(Reference image, Descriptor layer, byte[] bytes) {
    client.putBlob(
        Reference.parse(registry.address() + "/" + image.repository()),
        layer,
        () -> new ByteArrayInputStream(bytes),
        new RecordingTask());
  }
}
