package cloud.sealer.core.fetch;

import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.spi.SourceFetcher;
import cloud.sealer.testkit.tck.SourceFetcherTck;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class HttpSourceFetcherTckIT extends SourceFetcherTck {
  private static final String TEXT = "kind: X\n";

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = TEXT.getBytes(StandardCharsets.UTF_8);
          boolean there = exchange.getRequestURI().getPath().equals("/app.yaml");
          exchange.sendResponseHeaders(there ? 200 : 404, there ? body.length : -1);
          if (there) {
            exchange.getResponseBody().write(body);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Override
  protected SourceFetcher fetcher() {
    return new HttpSourceFetcher(
        RegistryOptions.builder().attempts(2).retryDelay(Duration.ofMillis(5)).build(),
        Clock.systemUTC());
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  protected String source() {
    return url("/app.yaml?x=1");
  }

  @Override
  protected Map<String, String> files() {
    return Map.of("app.yaml", TEXT);
  }

  @Override
  protected String missingSource() {
    return url("/none.yaml");
  }
}
