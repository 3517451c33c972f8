package cloud.sealer.core.registry;

import cloud.sealer.sdk.HttpProxy;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import java.io.Closeable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Keeps connections apart that are made by different settings, so that a connection that one
 * registry's authority was trusted for never serves another registry.
 *
 * <p>A server without settings of its own, such as an object store or a token service, is reached
 * by those of the registry that led to it, but without that registry's client certificate and never
 * insecurely.
 */
final class Transports implements Closeable {
  private final RegistryOptions options;
  private final Hosts hosts;
  private final int connections;
  private final CertificateDirectory certificates;
  private final ProxyChoice proxies;
  private final Supplier<SSLContext> trusted;
  private final Map<Key, Transport> transports = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Whose settings count, and whether they are those of the server itself. */
  private record Key(String host, boolean own) {
    static final Key DEFAULT = new Key("", true);
  }

  /**
   * Makes no transport yet.
   *
   * @param options how registries are reached
   * @param hosts the settings of some of them
   * @param connections how many connections one server gets at most
   * @param trusted what the JVM trusts, for servers without settings
   */
  Transports(RegistryOptions options, Hosts hosts, int connections, Supplier<SSLContext> trusted) {
    this.options = options;
    this.hosts = hosts;
    this.connections = connections;
    this.trusted = trusted;
    certificates = new CertificateDirectory(options.certificates());
    proxies = new ProxyChoice(options);
  }

  /**
   * The transport to a server.
   *
   * @param target the server
   * @param asked the registry on whose behalf it is asked, which may be the same
   */
  Transport to(Origin target, Origin asked) {
    Key key = isConfigured(target) ? new Key(name(target), true) : Key.DEFAULT;
    if (key.equals(Key.DEFAULT) && isConfigured(asked)) {
      key = new Key(name(asked), target.equals(asked));
    }
    Transport transport = transports.computeIfAbsent(key, this::make);
    if (closed.get()) {
      transport.close(); // one that was made while all others were closed
    }
    return transport;
  }

  private boolean isConfigured(Origin origin) {
    return hosts.at(origin).isPresent()
        || Hosts.names(origin).stream().anyMatch(certificates::knows);
  }

  private String name(Origin origin) {
    return Hosts.names(origin).stream()
        .filter(name -> hosts.named(name).isPresent() || certificates.knows(name))
        .findFirst()
        .orElseThrow();
  }

  private Transport make(Key key) {
    Optional<RegistryHost> host = hosts.named(key.host());
    Optional<HttpProxy> proxy = host.flatMap(RegistryHost::proxy);
    return new Transport(
        options,
        connections,
        new HostTls(key.host(), host, key.own(), certificates, trusted),
        proxy.isPresent() ? origin -> proxy : proxies::of);
  }

  boolean isClosed() {
    return closed.get();
  }

  /** Closes all connections, also those in use. */
  @Override
  public void close() {
    closed.set(true);
    transports.values().forEach(Transport::close);
  }
}
