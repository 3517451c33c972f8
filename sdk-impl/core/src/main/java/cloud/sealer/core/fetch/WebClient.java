package cloud.sealer.core.fetch;

import cloud.sealer.core.registry.ProxyRoutes;
import cloud.sealer.sdk.RegistryOptions;
import com.google.common.base.Suppliers;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP client that does what it is told, and nothing by itself; through the proxy of the options
 * where they say so. Thread-safe.
 */
final class WebClient {
  private final RegistryOptions options;
  private final ProxyRoutes routes;
  private @Nullable CloseableHttpClient client;
  private boolean closed;

  WebClient(RegistryOptions options) {
    this.options = options;
    this.routes = ProxyRoutes.of(options);
  }

  /** Sends a request and opens its answer. */
  ClassicHttpResponse open(HttpUriRequestBase request) throws IOException {
    URI uri;
    try {
      uri = request.getUri();
    } catch (URISyntaxException e) {
      throw new IOException("not a URL: " + e.getReason(), e);
    }
    HttpClientContext context = routes.context(uri);
    HttpHost host = new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort());
    ClassicHttpResponse response = client().executeOpen(host, request, context);
    if (uri.getScheme().equalsIgnoreCase("https") && context.getSSLSession() == null) {
      response.close(); // what a proxy says to CONNECT is not said by the server
      throw new IOException("the proxy refuses the connection with status " + response.getCode());
    }
    return response;
  }

  /** Closes all connections; what is under way fails. */
  synchronized void close() {
    closed = true;
    if (client != null) {
      client.close(CloseMode.IMMEDIATE);
    }
  }

  /** Made by the first request, since most programs that could send one never do. */
  private synchronized CloseableHttpClient client() throws IOException {
    if (closed) {
      throw new IOException("the client is closed");
    }
    if (client == null) {
      client = create(options, routes);
    }
    return client;
  }

  private static CloseableHttpClient create(RegistryOptions options, ProxyRoutes routes) {
    ConnectionConfig connections =
        ConnectionConfig.custom()
            .setConnectTimeout(timeout(options.connectTimeout()))
            .setSocketTimeout(timeout(options.readTimeout()))
            .build();
    RequestConfig requests =
        RequestConfig.custom()
            .setResponseTimeout(timeout(options.readTimeout()))
            .setConnectionRequestTimeout(timeout(options.connectTimeout()))
            .build();
    // redirects, retries and encodings are ours: what the client does by itself would send a
    // password elsewhere, hide retries from the listener, and change the bytes
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDefaultConnectionConfig(connections)
                .setMaxConnPerRoute(Integer.MAX_VALUE)
                .setMaxConnTotal(Integer.MAX_VALUE)
                .setTlsSocketStrategy(whenNeeded())
                .build())
        .setDefaultRequestConfig(requests)
        .setRoutePlanner(routes)
        .setUserAgent("sealer-sdk")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  /** Reading all authorities of the JVM takes longer than most requests. */
  private static TlsSocketStrategy whenNeeded() {
    Supplier<TlsSocketStrategy> strategy =
        Suppliers.memoize(DefaultClientTlsStrategy::createDefault);
    return (socket, target, port, attachment, context) ->
        strategy.get().upgrade(socket, target, port, attachment, context);
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }
}
