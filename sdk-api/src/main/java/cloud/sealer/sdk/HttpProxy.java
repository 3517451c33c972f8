package cloud.sealer.sdk;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that requests go through: HTTPS by a tunnel ({@code CONNECT}, RFC 9110 section
 * 9.3.6), which keeps it unreadable for the proxy, plain HTTP as it is. Immutable.
 *
 * <p>Not a record, and {@link #toString} hides the password.
 */
public final class HttpProxy {
  private static final int DEFAULT_PORT = 80;

  private final String host;
  private final int port;
  private final @Nullable Credentials credentials;

  private HttpProxy(String host, int port, @Nullable Credentials credentials) {
    this.host = host;
    this.port = port;
    this.credentials = credentials;
  }

  /**
   * A proxy.
   *
   * @param host its name or address
   * @param port its port, from 1 to 65535
   * @return the proxy, which asks for no password
   */
  public static HttpProxy of(String host, int port) {
    if (host.isBlank() || port < 1 || port > 65_535) {
      throw new IllegalArgumentException("not a proxy: \"" + host + "\", port " + port);
    }
    return new HttpProxy(host, port, null);
  }

  /**
   * Reads a proxy as users write it: {@code http://[user:password@]host[:port]}, where the scheme
   * may be left out.
   *
   * @param url the URL; port 80 if it has none
   * @return the proxy
   * @throws IllegalArgumentException if the text is no such URL; the message does not quote it,
   *     since it may hold a password
   */
  public static HttpProxy parse(String url) {
    URI uri;
    try {
      uri = URI.create(url.contains("://") ? url.strip() : "http://" + url.strip());
    } catch (IllegalArgumentException e) {
      throw unusable(); // without the cause, which quotes the URL
    }
    String path = uri.getPath();
    if (uri.getHost() == null
        || !"http".equalsIgnoreCase(uri.getScheme())
        || !(path.isEmpty() || path.equals("/"))
        || uri.getQuery() != null) {
      throw unusable();
    }
    HttpProxy proxy = of(uri.getHost(), uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    String user = uri.getUserInfo();
    if (user == null) {
      return proxy;
    }
    int colon = user.indexOf(':');
    return proxy.as(
        colon < 0
            ? Credentials.basic(user, "")
            : Credentials.basic(user.substring(0, colon), user.substring(colon + 1)));
  }

  private static IllegalArgumentException unusable() {
    return new IllegalArgumentException(
        "a proxy is written http://[user:password@]host[:port], other characters of the password"
            + " percent-encoded");
  }

  /**
   * The same proxy with a name and a password.
   *
   * @param credentials who to be, by {@link Credentials#basic}
   * @return the proxy
   */
  public HttpProxy as(Credentials credentials) {
    return new HttpProxy(host, port, Objects.requireNonNull(credentials, "credentials"));
  }

  /**
   * Its name or address.
   *
   * @return the host
   */
  public String host() {
    return host;
  }

  /**
   * Its port.
   *
   * @return from 1 to 65535
   */
  public int port() {
    return port;
  }

  /**
   * Who to be at the proxy. Sent to it with each tunnel or plain request, and to nobody else.
   *
   * @return the credentials; empty to be nobody
   */
  public Optional<Credentials> credentials() {
    return Optional.ofNullable(credentials);
  }

  /** Returns {@code host:port}. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
