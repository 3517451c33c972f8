package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryOptions;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Leads to each server directly or through a proxy. Thread-safe. */
public final class ProxyRoutes extends DefaultRoutePlanner {
  private final Function<Origin, Optional<HttpProxy>> proxies;

  ProxyRoutes(Function<Origin, Optional<HttpProxy>> proxies) {
    super(null);
    this.proxies = proxies;
  }

  /** The routes to servers that have no settings of their own. */
  public static ProxyRoutes of(RegistryOptions options) {
    return new ProxyRoutes(new ProxyChoice(options)::of);
  }

  @Override
  protected @Nullable HttpHost determineProxy(HttpHost target, HttpContext context) {
    return proxies.apply(Origin.of(URI.create(target.toURI()))).map(ProxyRoutes::host).orElse(null);
  }

  private static HttpHost host(HttpProxy proxy) {
    return new HttpHost("http", proxy.host(), proxy.port());
  }

  /** Has the password of the proxy to a server, which HttpClient sends to the proxy only. */
  public HttpClientContext context(URI server) {
    HttpClientContext context = HttpClientContext.create();
    Optional<HttpProxy> proxy = proxies.apply(Origin.of(server));
    Optional<Credentials> credentials = proxy.flatMap(HttpProxy::credentials);
    if (credentials.isPresent()) {
      BasicScheme basic = new BasicScheme();
      basic.initPreemptive(
          new UsernamePasswordCredentials(
              credentials.get().username(), credentials.get().secret().toCharArray()));
      context.resetAuthExchange(host(proxy.get()), basic);
    }
    return context;
  }
}
