package cloud.sealer.core.fetch;

import cloud.sealer.core.retry.RetryAfter;
import cloud.sealer.sdk.ErrorCode;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** What a server answered, as far as a download needs it (RFC 9110). */
final class HttpReply {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  private final ClassicHttpResponse response;
  private final Clock clock;

  HttpReply(ClassicHttpResponse response, Clock clock) {
    this.response = response;
    this.clock = clock;
  }

  boolean isRedirect() {
    int status = response.getCode();
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  String location() throws FetchFailure {
    String location = header("Location");
    if (location == null) {
      throw FetchFailure.lasting(
          ErrorCode.FETCH_FAILED, "the server redirects, but does not say where to", "");
    }
    return location;
  }

  /** Whether this is the rest of a file of which so much is there. */
  boolean isPartialFrom(long offset) {
    Matcher range = contentRange();
    return offset > 0
        && response.getCode() == 206
        && range != null
        && range.group(1).equals(Long.toString(offset));
  }

  private @Nullable Matcher contentRange() {
    String text = header("Content-Range");
    Matcher range = text == null ? null : CONTENT_RANGE.matcher(text);
    return range != null && range.matches() ? range : null;
  }

  /** Fails unless this is a whole file. */
  void requireWhole() throws FetchFailure {
    int status = response.getCode();
    if (status == 200) {
      return;
    }
    String message = ("the server answered " + status + " " + phrase()).strip();
    if (status == 401 || status == 403) {
      throw FetchFailure.lasting(
          ErrorCode.UNAUTHORIZED,
          message,
          "Give a name and password as https://NAME:PASSWORD@HOST/…, from a build argument.");
    }
    // 206 and 416 answer a request for a rest that does not fit; the next try asks for everything
    if (status == 206 || status == 416 || status == 408 || status == 429 || status >= 500) {
      throw FetchFailure.passing(message, retryAfter());
    }
    throw FetchFailure.lasting(ErrorCode.FETCH_FAILED, message, "Check the URL.");
  }

  private String phrase() {
    String phrase = response.getReasonPhrase();
    return phrase == null ? "" : phrase;
  }

  private Optional<Duration> retryAfter() {
    String text = header("Retry-After");
    return text == null ? Optional.empty() : RetryAfter.parse(text, clock.instant());
  }

  /** What a request for the rest must name so that it gets a rest of the same file. */
  @Nullable String version() {
    String tag = header("ETag");
    if (tag != null && tag.startsWith("\"")) {
      return tag;
    }
    return header("Last-Modified");
  }

  /** The length of the whole file; -1 if the server does not say. */
  long total(long offset) {
    Matcher range = contentRange();
    if (offset > 0 && range != null && !range.group(2).equals("*")) {
      return Long.parseLong(range.group(2));
    }
    long rest = response.getEntity() == null ? 0 : response.getEntity().getContentLength();
    return rest < 0 ? -1 : offset + rest;
  }

  InputStream body() throws IOException {
    return response.getEntity() == null
        ? InputStream.nullInputStream()
        : new NotDraining(response.getEntity().getContent());
  }

  private @Nullable String header(String name) {
    Header header = response.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /**
   * The stream of the client reads to the end when closed, be it gigabytes of a failed download.
   */
  private static final class NotDraining extends FilterInputStream {
    NotDraining(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // the response is closed instead, and with it the connection
    }
  }
}
