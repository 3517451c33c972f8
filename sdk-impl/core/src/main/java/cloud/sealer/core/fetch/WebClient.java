package cloud.sealer.core.fetch;

import cloud.sealer.sdk.RegistryOptions;
import com.google.common.base.Suppliers;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.util.Timeout;

/** Makes HTTP clients that do what they are told, and nothing by themselves. */
final class WebClient {
  private WebClient() {}

  static CloseableHttpClient create(RegistryOptions options) {
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
