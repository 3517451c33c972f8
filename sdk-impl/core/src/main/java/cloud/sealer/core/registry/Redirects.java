package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * Sends calls and follows redirects, as registries use them to hand out blobs from object stores.
 * The authorization stays at its origin: an object store never sees it.
 */
final class Redirects {
  private static final int MAX = 5;
  private static final Set<Integer> CODES = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> SAME_METHOD = Set.of(307, 308);

  private final Transports transports;
  private final Addresses addresses;

  Redirects(Transports transports, Addresses addresses) {
    this.transports = transports;
    this.addresses = addresses;
  }

  /**
   * Sends a call to a registry.
   *
   * @param authorization the header for the origin it belongs to
   * @return the first answer that is no redirect
   */
  Answer send(Call call, Optional<Authorization> authorization) throws IOException {
    return send(call, authorization, Origin.of(call.uri()));
  }

  /**
   * Sends a call to a server that a registry named.
   *
   * @param registry the registry, by whose settings the server is reached
   */
  Answer send(Call call, Optional<Authorization> authorization, Origin registry)
      throws IOException {
    Call current = call;
    for (int followed = 0; followed <= MAX; followed++) {
      Answer answer = sendOnce(current, Origin.of(call.uri()), registry, authorization);
      if (!CODES.contains(answer.status())) {
        return answer;
      }
      URI target;
      try (answer) {
        boolean safe = call.method().equals("GET") || call.method().equals("HEAD");
        if (!safe && !SAME_METHOD.contains(answer.status())) {
          throw RegistryFailure.of(
              ErrorCode.REGISTRY_ERROR,
              answer.request()
                  + " is redirected with status "
                  + answer.status()
                  + ", which does not keep the method");
        }
        target = addresses.named(current.uri(), answer.header("Location").orElse(null), "Location");
        answer.discard();
      }
      current = current.at(target);
    }
    throw RegistryFailure.of(
        ErrorCode.REGISTRY_ERROR,
        Origin.of(call.uri()).authority() + " redirects more than " + MAX + " times");
  }

  private Answer sendOnce(
      Call call, Origin asked, Origin registry, Optional<Authorization> authorization)
      throws IOException {
    Origin origin = Origin.of(call.uri());
    if (transports.isClosed()) {
      throw new IOException("the registry client is closed");
    }
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), call.uri());
    call.headers().forEach(request::setHeader);
    // A blob must come as it is stored: its digest is that of the bytes.
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    authorization
        .filter(known -> known.origin().equals(origin))
        .ifPresent(known -> request.setHeader(HttpHeaders.AUTHORIZATION, known.header()));
    if (call.entity() != null) {
      request.setEntity(call.entity());
      if (call.entity() instanceof BlobEntity blob) {
        blob.abortWith(request::cancel);
      }
    }
    Transport transport = transports.to(origin, registry);
    try {
      return new Answer(
          request, call.uri(), !origin.equals(asked), transport.send(request, call.patience()));
    } catch (IOException e) {
      throw NetworkFailures.of(e, origin, transport.proxy(origin));
    }
  }
}
