package cloud.sealer.core.registry;

import java.net.URI;
import java.util.Locale;

/**
 * Scheme, host and port of a URL: what credentials are bound to. The default port is filled in, so
 * two spellings of one origin are equal.
 */
record Origin(String scheme, String host, int port) {
  static Origin of(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
    return new Origin(scheme, uri.getHost().toLowerCase(Locale.ROOT), port);
  }

  boolean isPlain() {
    return scheme.equals("http");
  }

  /** Host and port, the port only where it is not the one of the scheme. */
  String authority() {
    return port == (isPlain() ? 80 : 443) ? host : host + ":" + port;
  }
}
