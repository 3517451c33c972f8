package cloud.sealer.core.registry;

import cloud.sealer.sdk.ErrorCode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * An open answer to a request. Closing it before its body is read to the end drops the connection,
 * so that nobody waits for bytes that nobody wants.
 */
final class Answer implements Closeable {
  private static final int DRAINED = 16 * 1024;

  private final HttpUriRequestBase request;
  private final URI uri;
  private final boolean foreign;
  private final ClassicHttpResponse response;

  /**
   * An answer.
   *
   * @param uri where the request went in the end
   * @param foreign whether a redirect led away from the server that was asked
   */
  Answer(HttpUriRequestBase request, URI uri, boolean foreign, ClassicHttpResponse response) {
    this.request = request;
    this.uri = uri;
    this.foreign = foreign;
    this.response = response;
  }

  /** Where the answer came from in the end, after redirects. */
  URI uri() {
    return uri;
  }

  Origin origin() {
    return Origin.of(uri);
  }

  /** Whether a redirect led away from the server that was asked. */
  boolean isForeign() {
    return foreign;
  }

  int status() {
    return response.getCode();
  }

  boolean isOk() {
    return status() >= 200 && status() < 300;
  }

  /** The request, for messages: without the query, which may hold a signature. */
  String request() {
    return request.getMethod()
        + " "
        + origin().scheme()
        + "://"
        + origin().authority()
        + uri.getRawPath();
  }

  Optional<String> header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null
        ? Optional.empty()
        : Optional.ofNullable(header.getValue()).map(String::strip).filter(v -> !v.isEmpty());
  }

  List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (Header header : response.getHeaders(name)) {
      values.add(header.getValue());
    }
    return values;
  }

  /** What the server says the body is, without parameters such as {@code charset}. */
  Optional<String> contentType() {
    return header("Content-Type")
        .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))
        .filter(value -> !value.isEmpty());
  }

  OptionalLong contentLength() {
    Optional<String> text = header("Content-Length").filter(v -> v.matches("[0-9]{1,18}"));
    return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
  }

  InputStream body() throws IOException {
    HttpEntity entity = response.getEntity();
    InputStream content = entity == null ? null : entity.getContent();
    return content == null ? InputStream.nullInputStream() : content;
  }

  /** The whole body, which must not be longer than the limit. */
  byte[] read(int limit) throws IOException {
    try {
      byte[] bytes = contentLength().orElse(0) > limit ? new byte[0] : body().readNBytes(limit + 1);
      if (bytes.length > limit || contentLength().orElse(0) > limit) {
        throw RegistryFailure.of(
            ErrorCode.REGISTRY_ERROR,
            "the answer to " + request() + " is longer than " + limit + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw NetworkFailures.of(e, origin());
    }
  }

  /** The start of the body; what cannot be read is left out. */
  byte[] readStart(int limit) {
    try {
      return body().readNBytes(limit);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  /** Ends an answer whose body does not matter, keeping the connection if the body is short. */
  void discard() {
    readStart(DRAINED);
    close();
  }

  @Override
  public void close() {
    // First the connection, if the body is not read to its end: closing the response alone would
    // read on.
    request.cancel();
    try {
      response.close();
    } catch (IOException e) {
      // Nobody wants the rest.
    }
  }
}
