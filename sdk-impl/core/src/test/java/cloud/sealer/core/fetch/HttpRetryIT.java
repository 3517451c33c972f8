package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRetryIT extends HttpFetchFixture {
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
    assertThat(slept).hasSize(2);
    assertThat(slept.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(625));
    assertThat(slept.get(1)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1250));
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
  void givesUpAfterSomeTries() throws IOException {
    String server = serve(exchange -> status(exchange, 500));

    assertFailed(server + "/f", ErrorCode.FETCH_FAILED, "(tried 4 times)");
    assertThat(slept).hasSize(3);
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
}
