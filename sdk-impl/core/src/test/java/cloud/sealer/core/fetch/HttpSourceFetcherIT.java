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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpSourceFetcherIT {
  private static final Instant NOW = Instant.parse("2024-05-01T10:00:00Z");

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<HttpServer> servers = new ArrayList<>();
  private final List<Duration> slept = new CopyOnWriteArrayList<>();
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private final RecordingTask task = new RecordingTask();
  private final byte[] content = new byte[300_000];
  private HttpSourceFetcher fetcher = fetcher(Duration.ofSeconds(10));

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

  private HttpSourceFetcher fetcher(Duration readTimeout) {
    RegistryOptions options =
        RegistryOptions.builder().attempts(4).readTimeout(readTimeout).build();
    return new HttpSourceFetcher(options, Clock.fixed(NOW, ZoneOffset.UTC), slept::add);
  }

  private String serve(HttpHandler handler) throws IOException {
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

  private static void send(HttpExchange exchange, byte[] body, int from) throws IOException {
    exchange.sendResponseHeaders(from == 0 ? 200 : 206, body.length - from);
    exchange.getResponseBody().write(body, from, body.length - from);
  }

  private static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
  }

  private void fetch(String source) {
    fetcher.fetch(source, directory, task);
  }

  private void assertFailed(String source, ErrorCode code, String message) throws IOException {
    assertThatThrownBy(() -> fetch(source))
        .isInstanceOfSatisfying(SealerException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
    assertThat(directory).isEmptyDirectory();
    assertThat(task.events).noneMatch(event -> event.startsWith("done"));
  }

  @Test
  void downloadsWithProgressAndAPlainName() throws IOException {
    String server = serve(exchange -> send(exchange, content, 0));

    fetch(server + "/a/my%20file.bin?token=s3cret");

    assertThat(directory.resolve("my file.bin")).hasBinaryContent(content);
    assertThat(task.done).hasValue(content.length);
    assertThat(task.events)
        .containsExactly(
            "start FETCH " + server + "/a/my%20file.bin?*** " + content.length, "done ", "close");
  }

  @Test
  void keepsTheBytesAsTheyAreSent() throws IOException {
    String server =
        serve(
            exchange -> {
              assertThat(exchange.getRequestHeaders().getFirst("Accept-Encoding"))
                  .isEqualTo("identity");
              exchange.getResponseHeaders().set("Content-Encoding", "gzip");
              send(exchange, new byte[] {1, 2, 3}, 0);
            });

    fetch(server + "/f");

    assertThat(directory.resolve("f")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void anEmptyFileAndOneOfUnknownLengthAreFiles() throws IOException {
    String server =
        serve(
            exchange -> {
              if (exchange.getRequestURI().getPath().equals("/empty")) {
                status(exchange, 200);
              } else {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(content);
              }
            });

    fetch(server + "/empty");
    fetch(server + "/chunked");

    assertThat(directory.resolve("empty")).isEmptyFile();
    assertThat(directory.resolve("chunked")).hasBinaryContent(content);
  }

  @ParameterizedTest
  @CsvSource({"ETag, \"v1\"", "Last-Modified, 'Tue, 30 Apr 2024 10:00:00 GMT'"})
  void aCutDownloadGoesOnWhereItStopped(String header, String version) throws IOException {
    int[] cuts = {100_000, 200_000};
    AtomicInteger calls = new AtomicInteger();
    String server =
        serve(
            exchange -> {
              exchange.getResponseHeaders().set(header, version);
              String range = exchange.getRequestHeaders().getFirst("Range");
              int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
              int call = calls.getAndIncrement();
              int to = call < cuts.length ? cuts[call] : content.length;
              if (from > 0) {
                assertThat(exchange.getRequestHeaders().getFirst("If-Range")).isEqualTo(version);
                exchange
                    .getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-299999/300000");
              }
              exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
              exchange.getResponseBody().write(content, from, to - from);
            });

    fetch(server + "/f");

    assertThat(directory.resolve("f")).hasBinaryContent(content);
    assertThat(ranges).containsExactly("null", "bytes=100000-", "bytes=200000-");
    assertThat(task.done).hasValue(content.length);
    assertThat(task.events).contains("resumed 100000", "resumed 200000");
    assertThat(slept).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1));
  }

  @Test
  void aFileThatChangedMeanwhileStartsAgain() throws IOException {
    byte[] other = content.clone();
    other[0]++;
    AtomicInteger calls = new AtomicInteger();
    String server =
        serve(
            exchange -> {
              boolean first = calls.getAndIncrement() == 0;
              exchange.getResponseHeaders().set("ETag", first ? "\"v1\"" : "\"v2\"");
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(first ? content : other, 0, first ? 9999 : 300_000);
            });

    fetch(server + "/f");

    assertThat(directory.resolve("f")).hasBinaryContent(other);
    assertThat(task.done).hasValue(content.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "W/\"weak\""})
  void withoutAVersionItStartsAgain(String tag) throws IOException {
    AtomicInteger calls = new AtomicInteger();
    String server =
        serve(
            exchange -> {
              if (!tag.isEmpty()) {
                exchange.getResponseHeaders().set("ETag", tag);
              }
              boolean first = calls.getAndIncrement() == 0;
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(content, 0, first ? 9999 : 300_000);
            });

    fetch(server + "/f");

    assertThat(directory.resolve("f")).hasBinaryContent(content);
    assertThat(ranges).containsExactly("null", "null");
  }

  @Test
  void aRestThatDoesNotFitIsNotGluedOn() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    String server =
        serve(
            exchange -> {
              exchange.getResponseHeaders().set("ETag", "\"v1\"");
              int call = calls.getAndIncrement();
              if (call == 1) {
                exchange.getResponseHeaders().set("Content-Range", "bytes 5-299999/300000");
                send(exchange, content, 5);
              } else {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content, 0, call == 0 ? 9999 : 300_000);
              }
            });

    fetch(server + "/f");

    assertThat(directory.resolve("f")).hasBinaryContent(content);
    assertThat(ranges).containsExactly("null", "bytes=9999-", "null");
  }

  @Test
  void waitsAsLongAsTheServerAsks() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.ofInstant(NOW.plusSeconds(42), ZoneOffset.UTC));
    String server =
        serve(
            exchange -> {
              switch (calls.getAndIncrement()) {
                case 0 -> {
                  exchange.getResponseHeaders().set("Retry-After", "7");
                  status(exchange, 429);
                }
                case 1 -> {
                  exchange.getResponseHeaders().set("Retry-After", date);
                  status(exchange, 503);
                }
                default -> send(exchange, content, 0);
              }
            });

    fetch(server + "/f");

    assertThat(slept).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(42));
    assertThat(task.events).contains("retried 1 after PT7S: the server answered 429");
  }

  @Test
  void aServerThatAsksForAnHourIsReported() throws IOException {
    String server =
        serve(
            exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "3600");
              status(exchange, 429);
            });

    assertFailed(server + "/f", ErrorCode.FETCH_FAILED, "429");
    assertThat(slept).isEmpty();
  }

  @Test
  void givesUpAfterSomeTries() throws IOException {
    String server = serve(exchange -> status(exchange, 500));

    assertFailed(server + "/f", ErrorCode.FETCH_FAILED, "(tried 4 times)");
    assertThat(slept).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"404, FETCH_FAILED", "410, FETCH_FAILED", "401, UNAUTHORIZED", "403, UNAUTHORIZED"})
  void doesNotTryAgainWhatCannotWork(int status, ErrorCode code) throws IOException {
    String server = serve(exchange -> status(exchange, status));

    assertFailed(server.replace("//", "//me:s3cret@") + "/f", code, "answered " + status);
    assertThat(slept).isEmpty();
    assertThat(task.events.toString()).doesNotContain("s3cret");
  }

  @Test
  void aShorterFileThanPromisedNeverCounts() throws IOException {
    String server =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, content.length + 5);
              exchange.getResponseBody().write(content);
            });

    assertFailed(server + "/f", ErrorCode.UNREACHABLE, "tried 4 times");
  }

  @Test
  void aServerThatStopsTalkingIsLeft() throws IOException {
    fetcher.close();
    fetcher = fetcher(Duration.ofMillis(300));
    CountDownLatch end = new CountDownLatch(1);
    String server =
        serve(
            exchange -> {
              exchange.sendResponseHeaders(200, content.length);
              exchange.getResponseBody().write(content, 0, 100_000);
              exchange.getResponseBody().flush();
              await(end);
            });
    try {
      assertFailed(server + "/f", ErrorCode.UNREACHABLE, "cannot fetch " + server + "/f");
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() throws IOException {
    String server = serve(exchange -> status(exchange, 200));
    servers.get(0).stop(0);

    assertFailed(server + "/f", ErrorCode.UNREACHABLE, "refused");
  }

  @Test
  void followsRedirectsButTellsThePasswordToItsServerOnly() throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    String other =
        serve(
            exchange -> {
              seen.add("other " + exchange.getRequestHeaders().getFirst("Authorization"));
              send(exchange, content, 0);
            });
    String server =
        serve(
            exchange -> {
              String path = exchange.getRequestURI().getPath();
              seen.add(path + " " + exchange.getRequestHeaders().getFirst("Authorization"));
              String target = path.equals("/f") ? "g/h" : other.replace("//", "//x:y@") + "/z";
              exchange.getResponseHeaders().set("Location", target);
              status(exchange, path.equals("/f") ? 302 : 307);
            });

    fetch(server.replace("//", "//me:s3cret@") + "/f");

    assertThat(directory.resolve("f")).hasBinaryContent(content);
    assertThat(seen)
        .containsExactly("/f Basic bWU6czNjcmV0", "/g/h Basic bWU6czNjcmV0", "other null");
    assertThat(task.events.toString()).doesNotContain("s3cret");
  }

  @Test
  void refusesEndlessRedirectsAndOtherSchemes() throws IOException {
    String server =
        serve(
            exchange -> {
              boolean file = exchange.getRequestURI().getPath().equals("/file");
              exchange.getResponseHeaders().set("Location", file ? "file:///etc/passwd" : "/loop");
              status(exchange, 301);
            });

    assertFailed(server + "/loop", ErrorCode.FETCH_FAILED, "more than 10 redirects");
    assertFailed(server + "/file", ErrorCode.FETCH_FAILED, "bad address");
  }

  @Test
  void refusesToGoFromHttpsToHttp() {
    SourceUrl secure = SourceUrl.parse("https://h/f");

    assertThatThrownBy(() -> secure.redirected("http://h/f"))
        .hasMessageContaining("from https to plain http");
  }

  @ParameterizedTest
  @ValueSource(strings = {"headers", "body", "retry"})
  void anInterruptEndsItAtOnce(String where) throws Exception {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    String server =
        serve(
            exchange -> {
              if (where.equals("retry")) {
                status(exchange, 503);
                return;
              }
              if (where.equals("body")) {
                exchange.sendResponseHeaders(200, content.length);
                exchange.getResponseBody().write(content, 0, 50_000);
                exchange.getResponseBody().flush();
              }
              reached.countDown();
              await(end);
            });
    fetcher.close();
    fetcher =
        new HttpSourceFetcher(
            RegistryOptions.DEFAULT,
            Clock.systemUTC(),
            delay -> {
              reached.countDown();
              Thread.sleep(60_000);
            });
    Throwable[] thrown = new Throwable[1];
    boolean[] flag = new boolean[1];
    Thread thread =
        new Thread(
            () -> {
              try {
                fetch(server + "/f");
              } catch (SealerException e) {
                thrown[0] = e;
                flag[0] = Thread.currentThread().isInterrupted();
              }
            });
    thread.start();
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
    Thread.sleep(100);
    thread.interrupt();
    thread.join(5_000);
    end.countDown();

    assertThat(thread.isAlive()).isFalse();
    assertThat(thrown[0])
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(flag[0]).isTrue();
    assertThat(directory).isEmptyDirectory();
    if (where.equals("body")) {
      assertThat(task.events).endsWith("close interrupted");
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().equals("sealer-fetch"));
  }

  @Test
  void whatCannotBeWrittenIsNotTriedAgain() throws IOException {
    String server = serve(exchange -> send(exchange, content, 0));
    Files.createDirectory(directory.resolve("f"));
    Files.createFile(directory.resolve("f/x"));

    assertThatThrownBy(() -> fetch(server + "/f")).isInstanceOf(SealerException.class);
    assertThat(slept).isEmpty();
  }
}
