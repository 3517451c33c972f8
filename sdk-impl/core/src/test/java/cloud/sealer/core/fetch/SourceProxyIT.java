package cloud.sealer.core.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.core.registry.TestProxy;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jgit.lib.FileMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Remote sources behind an HTTP proxy. */
@Timeout(60)
class SourceProxyIT {
  private static final String PASSWORD = "pr0xy-password";

  @TempDir private Path directory;
  private final TaskTranscript task = new TaskTranscript();
  private final List<String> proxyPasswords = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private TestProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          proxyPasswords.addAll(
              exchange.getRequestHeaders().getOrDefault("Proxy-Authorization", List.of()));
          byte[] body = "content".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Connection", "close");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    proxy = new TestProxy("ann:" + PASSWORD);
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    server.stop(0);
  }

  private String source() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/dir/file.txt";
  }

  private RegistryOptions.Builder options(String password) {
    return RegistryOptions.builder()
        .attempts(1)
        .proxy(HttpProxy.of("127.0.0.1", proxy.port()).as(Credentials.basic("ann", password)));
  }

  private void fetch(RegistryOptions.Builder options) {
    try (HttpSourceFetcher fetcher = new HttpSourceFetcher(options.build(), Clock.systemUTC())) {
      fetcher.fetch(source(), directory, task);
    }
  }

  @Test
  void filesComeThroughTheProxyWhichAloneGetsItsPassword() {
    fetch(options(PASSWORD));
    assertThat(directory.resolve("file.txt")).hasContent("content");
    assertThat(proxy.requests()).containsExactly("GET " + source());
    assertThat(proxyPasswords).isEmpty();
  }

  @Test
  void whatIsExceptedComesDirectly() {
    fetch(options(PASSWORD).noProxy("127.0.0.0/8"));
    assertThat(directory.resolve("file.txt")).hasContent("content");
    assertThat(proxy.requests()).isEmpty();
  }

  @Test
  void aProxyThatRefusesIsAFailure() {
    SealerException e = catchThrowableOfType(SealerException.class, () -> fetch(options("wr0ng")));
    assertThat(e).hasMessageContaining("407");
    assertThat(e.toString()).doesNotContain("wr0ng");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aTunnelThatIsRefusedIsNotTheAnswerOfTheServer() {
    SealerException e =
        catchThrowableOfType(
            SealerException.class,
            () -> {
              try (HttpSourceFetcher fetcher =
                  new HttpSourceFetcher(options("wr0ng").build(), Clock.systemUTC())) {
                fetcher.fetch("https://127.0.0.1:1/file", directory, task);
              }
            });
    assertThat(e.code()).isNotEqualTo(ErrorCode.INTERNAL);
    assertThat(e).hasMessageContaining("the proxy refuses the connection with status 407");
  }

  @Test
  void repositoriesComeThroughTheProxy() throws IOException {
    try (GitServer git = new GitServer()) {
      GitRepository repository = new GitRepository("r");
      git.add("r.git", repository);
      repository.file("README.md", FileMode.REGULAR_FILE, "hello").commit("main");
      GitSourceFetcher fetcher = new GitSourceFetcher(options(PASSWORD).build());
      try (fetcher) {
        fetcher.fetch(git.http() + "r.git", directory, task);
      }
      assertThat(Files.readString(directory.resolve("README.md"))).isEqualTo("hello");
      assertThat(proxy.requests()).isNotEmpty().allMatch(request -> request.contains("r.git"));
    }
  }
}
