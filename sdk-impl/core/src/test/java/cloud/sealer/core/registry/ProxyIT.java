package cloud.sealer.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.testkit.RecordingTask;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Registries behind an HTTP proxy. */
@Timeout(60)
class ProxyIT {
  private static final String PASSWORD = "pr0xy-password";

  @TempDir Path dir;
  private final RecordingTask task = new RecordingTask();

  private static void tags(ScriptedServer.Request request, ScriptedServer.Reply reply)
      throws IOException {
    reply.send(200, "{\"tags\":[\"v1\"]}");
  }

  private List<String> tags(RegistryOptions.Builder options, String host) {
    try (HttpRegistryClient client = Samples.client(options.attempts(2).build())) {
      return client.tags(Samples.reference(host, "a"), task);
    }
  }

  private SealerException failure(RegistryOptions.Builder options, String host) {
    return catchThrowableOfType(SealerException.class, () -> tags(options, host));
  }

  @Test
  void plainRequestsGoThroughTheProxyForAll() throws Exception {
    try (TestProxy proxy = new TestProxy("");
        ScriptedServer registry = new ScriptedServer(ProxyIT::tags)) {
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .plainHttp(registry.host())
              .proxy(HttpProxy.of("127.0.0.1", proxy.port()));
      assertThat(tags(options, registry.host())).containsExactly("v1");
      assertThat(proxy.requests()).containsExactly("GET " + registry.url("/v2/a/tags/list"));

      assertThat(tags(options.noProxy("127.0.0.0/8"), registry.host())).containsExactly("v1");
      assertThat(proxy.requests()).hasSize(1);
    }
  }

  @Test
  void httpsGoesThroughATunnelWithThePasswordForTheProxyOnly() throws Exception {
    KeyFiles keys = KeyFiles.make(dir, "server", "EC", "ip:127.0.0.1");
    Credentials right = Credentials.basic("ann", PASSWORD);
    try (TestProxy proxy = new TestProxy("ann:" + PASSWORD);
        ScriptedServer registry = keys.server(ProxyIT::tags)) {
      RegistryHost.Builder host =
          RegistryHost.builder(registry.host()).authority(keys.certificate());
      HttpProxy address = HttpProxy.of("127.0.0.1", proxy.port());

      SealerException e =
          failure(RegistryOptions.builder().host(host.proxy(address).build()), registry.host());
      assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
      assertThat(e).hasMessageContaining("proxy " + address);

      host.proxy(address.as(Credentials.basic("ann", "wr0ng")));
      e = failure(RegistryOptions.builder().host(host.build()), registry.host());
      assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
      assertThat(e.toString() + e.remedy() + e.details()).doesNotContain("wr0ng");
      assertThat(registry.requests).isEmpty();

      host.proxy(address.as(right));
      assertThat(tags(RegistryOptions.builder().host(host.build()), registry.host()))
          .containsExactly("v1");
      assertThat(proxy.requests()).last().isEqualTo("CONNECT " + registry.host());
      assertThat(registry.requests)
          .allSatisfy(r -> assertThat(r.headers()).doesNotContainKey("proxy-authorization"));
    }
  }

  @Test
  void aProxyThatIsNotThereIsNamed() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    RegistryOptions.Builder options =
        RegistryOptions.builder().proxy(HttpProxy.of("127.0.0.1", free));
    SealerException e = failure(options, "registry.example");
    assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE);
    assertThat(e).hasMessageContaining("cannot connect to 127.0.0.1:" + free);
    assertThat(e.remedy()).contains("proxy on the way to registry.example");
  }

  @Test
  void aRefusedPlainRequestAsksForThePassword() throws Exception {
    try (TestProxy proxy = new TestProxy("ann:" + PASSWORD)) {
      RegistryOptions.Builder options =
          RegistryOptions.builder()
              .plainHttp("registry.example")
              .proxy(HttpProxy.of("127.0.0.1", proxy.port()));
      SealerException e = failure(options, "registry.example");
      assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
      assertThat(e.remedy()).contains("proxy");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "*, https://a.example, true",
    "a.example, https://a.example, true",
    "A.Example, https://a.example, true",
    "a.example, https://b.a.example, true",
    "a.example, https://ba.example, false",
    ".a.example, https://a.example, false",
    "*.a.example, https://b.a.example, true",
    "a.example:5000, https://a.example:5000, true",
    "a.example:5000, https://a.example, false",
    "10.0.0.0/8, https://10.1.2.3:5000, true",
    "10.0.0.0/9, https://10.128.2.3, false",
    "10.0.0.0/x, https://10.0.0.0, false",
    "10.0.0.1, https://10.0.0.1:443, true",
    "fd00::/8, 'https://[fd00::1]:5000', true",
    "[fd00::1]:5000, 'https://[fd00::1]:5000', true",
    "[fd00::1], 'https://[fd00::1]', true",
    "10.0.0.0/8, https://a.example, false"
  })
  void knowsWhatTheProxyIsNotFor(String pattern, String url, boolean direct) {
    HttpProxy proxy = HttpProxy.of("proxy.example", 3128);
    ProxyChoice choice =
        new ProxyChoice(RegistryOptions.builder().proxy(proxy).noProxy(pattern).build());
    assertThat(choice.of(Origin.of(URI.create(url))))
        .isEqualTo(direct ? Optional.empty() : Optional.of(proxy));
  }

  @Test
  void withoutAProxyNobodyIsAsked() {
    ProxyChoice choice = new ProxyChoice(RegistryOptions.DEFAULT);
    assertThat(choice.of(new Origin("https", "a.example", 443))).isEmpty();
  }
}
