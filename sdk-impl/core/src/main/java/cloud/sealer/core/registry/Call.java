package cloud.sealer.core.registry;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.core5.http.HttpEntity;
import org.jspecify.annotations.Nullable;

/**
 * A request to send, without authorization. It can be sent more than once, so its body must be
 * repeatable.
 *
 * @param method the HTTP method
 * @param uri where to
 * @param headers its own headers
 * @param entity the body; null for none
 * @param patience how much longer than usual the answer may take to begin
 */
record Call(
    String method,
    URI uri,
    Map<String, String> headers,
    @Nullable HttpEntity entity,
    Duration patience) {
  Call {
    headers = Collections.unmodifiableMap(new TreeMap<>(headers));
  }

  static Call of(String method, URI uri) {
    return new Call(method, uri, Map.of(), null, Duration.ZERO);
  }

  Call header(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Call(method, uri, more, entity, patience);
  }

  Call body(HttpEntity body) {
    return new Call(method, uri, headers, body, patience);
  }

  Call patience(Duration longer) {
    return new Call(method, uri, headers, entity, longer);
  }

  Call at(URI other) {
    return new Call(method, other, headers, entity, patience);
  }
}
