package cloud.sealer.core.registry;

import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryOptions;
import java.io.Closeable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SchemePortResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends one HTTP request and opens its answer. Everything Apache HttpClient does by itself
 * (redirects, retries, cookies, authentication, decompression) is off: this package does it by its
 * own rules.
 *
 * <p>Sockets are made from channels, so that an interrupt of a thread closes the socket it waits
 * for, whether it connects, shakes hands, reads or writes.
 */
final class Transport implements Closeable {
  private static final int BUFFER = 16 * 1024;
  private static final int MAX_HEADER_LINE = 64 * 1024;
  private static final int MAX_HEADERS = 300;
  // How often a long upload looks whether the server has already answered, such as 413.
  private static final long EARLY_ANSWER_CHUNK = 1024 * 1024;
  private static final int ORIGINS = 4;
  private static final TimeValue TRUSTED_IDLE = TimeValue.ofMilliseconds(300);

  private final CloseableHttpClient client;
  private final Function<Origin, Optional<HttpProxy>> proxies;
  private final ProxyRoutes routes;
  private final Duration readTimeout;

  /**
   * Opens no connection yet.
   *
   * @param options time limits
   * @param connections how many connections one server gets at most
   * @param tls speaks TLS
   * @param proxies which proxy each server is reached through
   */
  Transport(
      RegistryOptions options,
      int connections,
      TlsSocketStrategy tls,
      Function<Origin, Optional<HttpProxy>> proxies) {
    this.proxies = proxies;
    routes = new ProxyRoutes(proxies);
    readTimeout = options.readTimeout();
    Timeout read = Timeout.of(readTimeout);
    Timeout connect = Timeout.of(options.connectTimeout());
    PoolingHttpClientConnectionManagerBuilder connectionManager = new ChannelConnections();
    connectionManager
        .setMaxConnPerRoute(connections)
        .setMaxConnTotal(connections * ORIGINS)
        .setTlsSocketStrategy(tls)
        .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(connect).build())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(connect)
                .setSocketTimeout(read)
                .setValidateAfterInactivity(TRUSTED_IDLE)
                .build())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setBufferSize(BUFFER)
                        .setMaxLineLength(MAX_HEADER_LINE)
                        .setMaxHeaderCount(MAX_HEADERS)
                        .build())
                .responseOutOfOrderStrategy(
                    new MonitoringResponseOutOfOrderStrategy(EARLY_ANSWER_CHUNK))
                .build());
    client =
        HttpClients.custom()
            .setConnectionManager(connectionManager.build())
            .setRoutePlanner(routes)
            .setUserAgent("sealer-sdk-java")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .disableConnectionState()
            .build();
  }

  /**
   * Sends a request.
   *
   * @param patience how much longer than usual the answer may take to begin
   * @return the open response
   */
  ClassicHttpResponse send(HttpUriRequestBase request, Duration patience) throws IOException {
    request.setConfig(
        RequestConfig.custom()
            .setAuthenticationEnabled(false)
            .setRedirectsEnabled(false)
            .setExpectContinueEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .setResponseTimeout(Timeout.of(readTimeout.plus(patience)))
            .setConnectionRequestTimeout(3, TimeUnit.MINUTES)
            .build());
    try {
      HttpClientContext context = routes.context(request.getUri());
      ClassicHttpResponse response = client.executeOpen(null, request, context);
      if (request.getUri().getScheme().equalsIgnoreCase("https")
          && context.getSSLSession() == null) {
        response.close(); // what a proxy says to CONNECT is not said by the server
        throw new TunnelRefusedException(response.getCode());
      }
      return response;
    } catch (IllegalStateException e) {
      throw new IOException("the registry client is closed", e);
    } catch (URISyntaxException e) {
      throw new IOException("not a URL: " + request.getRequestUri(), e);
    }
  }

  /** The proxy that a server is reached through. */
  Optional<HttpProxy> proxy(Origin server) {
    return proxies.apply(server);
  }

  /** Closes all connections, also those in use. */
  @Override
  public void close() {
    client.close(CloseMode.IMMEDIATE);
  }

  /** A proxy refuses to lead to the server. */
  static final class TunnelRefusedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    private TunnelRefusedException(int status) {
      super("the proxy answers with " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Makes every socket from a channel. */
  private static final class ChannelConnections extends PoolingHttpClientConnectionManagerBuilder {
    @Override
    protected HttpClientConnectionOperator createConnectionOperator(
        SchemePortResolver ports, DnsResolver names, TlsSocketStrategy tls) {
      DetachedSocketFactory sockets = noProxy -> SocketChannel.open().socket();
      return new DefaultHttpClientConnectionOperator(
          sockets,
          ports,
          names,
          RegistryBuilder.<TlsSocketStrategy>create().register("https", tls).build());
    }
  }
}
