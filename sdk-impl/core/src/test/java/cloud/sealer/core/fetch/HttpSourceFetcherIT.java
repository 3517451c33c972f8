package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpSourceFetcherIT extends HttpFetchFixture {
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

  @ParameterizedTest
  @CsvSource({"404, FETCH_FAILED", "410, FETCH_FAILED", "401, UNAUTHORIZED", "403, UNAUTHORIZED"})
  void doesNotTryAgainWhatCannotWork(int status, ErrorCode code) throws IOException {
    String server = serve(exchange -> status(exchange, status));

    assertFailed(server.replace("//", "//me:s3cret@") + "/f", code, "answered " + status);
    assertThat(slept).isEmpty();
    assertThat(task.events.toString()).doesNotContain("s3cret");
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
