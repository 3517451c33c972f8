package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HttpProxy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.NoHttpResponseException;

/** Says what a failure below HTTP means: who, what, whether another try may help. */
final class NetworkFailures {
  // A name that does not resolve twice will not the third time.
  private static final int NAME_ATTEMPTS = 2;
  private static final String PLAIN_REMEDY =
      "if it speaks plain HTTP and that is acceptable, allow it: ";

  private NetworkFailures() {}

  /** The failure of a request to a server, directly or through a proxy. */
  static RegistryFailure of(IOException e, Origin server, Optional<HttpProxy> proxy) {
    return proxy.isPresent() ? throughProxy(e, server, proxy.get()) : of(e, server);
  }

  private static RegistryFailure throughProxy(IOException e, Origin server, HttpProxy proxy) {
    if (e instanceof Transport.TunnelRefusedException refused) {
      boolean unknown = refused.status() == 407;
      RegistryFailure failure =
          RegistryFailure.of(
              unknown ? ErrorCode.UNAUTHORIZED : ErrorCode.UNREACHABLE,
              "the proxy "
                  + proxy
                  + " does not lead to "
                  + server.authority()
                  + ": it answers with "
                  + refused.status());
      failure.remedy(
          unknown
              ? "give the proxy the right name and password"
              : "check that the proxy allows this host, or except the host from it");
      return refused.status() >= 500 ? failure.retry() : failure;
    }
    if (e instanceof ConnectException || e instanceof UnknownHostException) {
      return of(e, new Origin("http", proxy.host(), proxy.port()))
          .remedy("that is the proxy on the way to " + server.authority() + ": check its address");
    }
    return of(e, server);
  }

  /** The failure of a request to a server. */
  static RegistryFailure of(IOException e, Origin server) {
    if (e instanceof RegistryFailure failure) {
      return failure;
    }
    String host = server.authority();
    if (e instanceof UnknownHostException) {
      return unreachable("no address is known for the host " + server.host(), e, host)
          .remedy("check the name of the registry and the DNS of this machine")
          .retryUpTo(NAME_ATTEMPTS);
    }
    if (e instanceof SSLException tls) {
      return tls(tls, server);
    }
    if (e instanceof ConnectException) {
      return unreachable("cannot connect to " + host + ": " + reason(e), e, host).retry();
    }
    if (e instanceof SocketTimeoutException) {
      return unreachable(host + " does not answer in time", e, host).retry();
    }
    if (e instanceof NoHttpResponseException || e instanceof ConnectionClosedException) {
      return unreachable(host + " closed the connection without a whole answer", e, host).retry();
    }
    return unreachable("the connection to " + host + " failed: " + reason(e), e, host).retry();
  }

  /** A failure of which not even the server is known. */
  static RegistryFailure unknown(IOException e) {
    return RegistryFailure.of(ErrorCode.UNREACHABLE, reason(e)).because(e).retry();
  }

  private static RegistryFailure tls(SSLException e, Origin server) {
    String host = server.authority();
    String reason = reason(e);
    Optional<Throwable> certificate = certificate(e);
    if (certificate.isPresent()) {
      return unreachable(
              "the certificate of "
                  + host
                  + " is not trusted: "
                  + ErrorBody.clean(String.valueOf(certificate.get().getMessage())),
              e,
              host)
          .remedy(
              "if the server is the right one, name the authority of its certificate:"
                  + " RegistryHost.authority, on the command line --cert-dir; or add it to the"
                  + " trust store of the Java runtime");
    }
    if (reason.contains("Unsupported or unrecognized SSL message")
        || reason.contains("plaintext connection")) {
      return unreachable(host + " does not speak HTTPS", e, host)
          .remedy(PLAIN_REMEDY + Addresses.plainOption(host));
    }
    RegistryFailure failure =
        unreachable("no secure connection to " + host + ": " + reason, e, host)
            .remedy(PLAIN_REMEDY + Addresses.plainOption(host));
    if (reason.contains("certificate_required") || reason.contains("bad_certificate")) {
      return failure.remedy(
          "the server wants a client certificate that it trusts: RegistryHost.clientCertificate,"
              + " on the command line --cert-dir");
    }
    boolean refused = reason.contains("fatal alert");
    return refused ? failure : failure.retry();
  }

  /** What is wrong with the certificate, if that is the reason. */
  private static Optional<Throwable> certificate(Throwable e) {
    Throwable deepest = null;
    int depth = 0;
    for (Throwable t = e; t != null && depth < 10; t = t.getCause(), depth++) {
      if (t instanceof SSLPeerUnverifiedException || t instanceof GeneralSecurityException) {
        deepest = t;
      }
    }
    return Optional.ofNullable(deepest);
  }

  private static RegistryFailure unreachable(String message, IOException cause, String host) {
    return RegistryFailure.of(ErrorCode.UNREACHABLE, message)
        .because(cause)
        .detail("registry", host);
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : ErrorBody.clean(message);
  }
}
