package cloud.sealer.core.registry;

import cloud.sealer.sdk.RegistryOptions;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
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
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.HttpClientConnectionOperator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

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
  private final Duration readTimeout;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Opens no connection yet.
   *
   * @param options time limits
   * @param connections how many connections one server gets at most
   * @param tls whom to trust; asked when HTTPS is first spoken
   */
  Transport(RegistryOptions options, int connections, Supplier<SSLContext> tls) {
    readTimeout = options.readTimeout();
    Timeout read = Timeout.of(readTimeout);
    Timeout connect = Timeout.of(options.connectTimeout());
    PoolingHttpClientConnectionManagerBuilder connectionManager = new ChannelConnections();
    connectionManager
        .setMaxConnPerRoute(connections)
        .setMaxConnTotal(connections * ORIGINS)
        .setTlsSocketStrategy(new LazyTls(tls))
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
            .setRoutePlanner(new DefaultRoutePlanner(null))
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
      return client.executeOpen(null, request, null);
    } catch (IllegalStateException e) {
      throw new IOException("the registry client is closed", e);
    }
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Closes all connections, also those in use. */
  @Override
  public void close() {
    closed.set(true);
    client.close(CloseMode.IMMEDIATE);
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

  /**
   * Reads the trusted certificates when they are first needed: that takes longer than a request.
   */
  private static final class LazyTls implements TlsSocketStrategy {
    private final Supplier<SSLContext> contexts;
    private @Nullable DefaultClientTlsStrategy strategy;

    LazyTls(Supplier<SSLContext> contexts) {
      this.contexts = contexts;
    }

    @Override
    public SSLSocket upgrade(
        Socket socket, String host, int port, @Nullable Object attachment, HttpContext context)
        throws IOException {
      return strategy().upgrade(socket, host, port, attachment, context);
    }

    private synchronized DefaultClientTlsStrategy strategy() {
      DefaultClientTlsStrategy made = strategy;
      if (made == null) {
        made = new DefaultClientTlsStrategy(contexts.get());
        strategy = made;
      }
      return made;
    }
  }
}
