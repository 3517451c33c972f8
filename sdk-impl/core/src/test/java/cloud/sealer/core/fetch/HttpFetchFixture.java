package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** HTTP servers on the loopback interface, and a fetcher whose waiting takes no time. */
@Timeout(60)
abstract class HttpFetchFixture {
  static final Instant NOW = Instant.parse("2024-05-01T10:00:00Z");

  @TempDir Path directory;

  final ExecutorService threads = Executors.newCachedThreadPool();
  final List<HttpServer> servers = new ArrayList<>();
  final List<Duration> slept = new CopyOnWriteArrayList<>();
  final List<String> ranges = new CopyOnWriteArrayList<>();
  final TaskTranscript task = new TaskTranscript();
  final byte[] content = new byte[300_000];
  HttpSourceFetcher fetcher = fetcher(Duration.ofSeconds(10));

  @BeforeEach
  void fill() {
    new Random(3).nextBytes(content);
  }

  @AfterEach
  void stop() {
    fetcher.close();
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
  }

  HttpSourceFetcher fetcher(Duration readTimeout) {
    RegistryOptions options =
        RegistryOptions.builder().attempts(4).readTimeout(readTimeout).build();
    return new HttpSourceFetcher(options, Clock.fixed(NOW, ZoneOffset.UTC), slept::add);
  }

  String serve(HttpHandler handler) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.start();
    servers.add(server);
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static void send(HttpExchange exchange, byte[] body, int from) throws IOException {
    exchange.sendResponseHeaders(from == 0 ? 200 : 206, body.length - from);
    exchange.getResponseBody().write(body, from, body.length - from);
  }

  static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  void fetch(String source) {
    fetcher.fetch(source, directory, task);
  }

  void assertFailed(String source, ErrorCode code, String message) throws IOException {
    assertThatThrownBy(() -> fetch(source))
        .isInstanceOfSatisfying(SealerException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
    assertThat(directory).isEmptyDirectory();
    assertThat(task.events).noneMatch(event -> event.startsWith("done"));
  }

  static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
