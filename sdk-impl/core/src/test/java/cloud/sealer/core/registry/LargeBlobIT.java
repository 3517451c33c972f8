package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.jvm.ForkedJvm;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.testkit.RecordingTask;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

/** Memory does not grow with the size of a blob. */
@Timeout(120)
class LargeBlobIT {
  private static final long SIZE = 300L * 1024 * 1024;
  private static final Class<?>[] CODE = {
    BlobTransferMain.class,
    HttpRegistryClient.class,
    Descriptor.class,
    RecordingTask.class,
    ObjectMapper.class,
    JsonFactory.class,
    JsonProperty.class,
    HttpClient.class,
    HttpHost.class,
    HttpVersionPolicy.class,
    Logger.class
  };

  /** Also used against a real registry. */
  static String transfer(String host) throws Exception {
    return ForkedJvm.of(CODE)
        .option("-Xmx64m")
        .option("-XX:MaxDirectMemorySize=32m")
        .run(BlobTransferMain.class, host, Long.toString(SIZE));
  }

  @Test
  void movesALargeBlobInLittleMemory() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            (request, reply) -> {
              switch (request.method()) {
                case "POST" -> reply.send(202, Map.of("Location", "/up"));
                case "PUT" -> {
                  long got = request.body().transferTo(OutputStream.nullOutputStream());
                  reply.send(got == SIZE ? 201 : 400, Map.of());
                }
                default -> {
                  reply.head(200, Map.of(), SIZE);
                  new BlobTransferMain.Pattern(SIZE).transferTo(reply.out());
                }
              }
            })) {
      assertThat(transfer(server.host())).contains("moved " + SIZE);
    }
  }
}
