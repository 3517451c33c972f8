package cloud.sealer.testkit;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a connection of {@link HttpListener}. */
final class Exchange {
  private static final int LINE_LIMIT = 1 << 16;
  private static final long DRAIN_LIMIT = 64 << 20;

  private final String method;
  private final URI target;
  private final Map<String, String> requestHeaders;
  private final Map<String, String> responseHeaders = new TreeMap<>();
  private final InputStream body;
  private final OutputStream out;
  private final boolean keepAlive;
  private boolean expectsContinue;
  private boolean answered;

  private Exchange(
      String[] requestLine, Map<String, String> headers, InputStream in, OutputStream out)
      throws IOException {
    this.method = requestLine[0];
    try {
      this.target = URI.create(requestLine[1]);
    } catch (IllegalArgumentException e) {
      throw new IOException("not a request target: " + requestLine[1], e);
    }
    this.requestHeaders = headers;
    this.out = out;
    this.expectsContinue = header("Expect").equalsIgnoreCase("100-continue");
    this.keepAlive =
        requestLine[2].equals("HTTP/1.1") && !header("Connection").equalsIgnoreCase("close");
    boolean chunked = header("Transfer-Encoding").toLowerCase(Locale.ROOT).contains("chunked");
    String length = header("Content-Length");
    this.body = new RequestBody(in, chunked, length.isEmpty() ? 0 : Long.parseLong(length.strip()));
  }

  /** Reads the head of the next request; null if the client has no more. */
  static @Nullable Exchange read(InputStream in, OutputStream out) throws IOException {
    String first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    String[] requestLine = first.split(" ", -1);
    if (requestLine.length != 3) {
      throw new IOException("not a request line: " + first);
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    return new Exchange(requestLine, headers, in, out);
  }

  /** A line without its end; empty also at the end of the stream. */
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      if (line.size() == LINE_LIMIT) {
        throw new IOException("a line of the head is too long");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  String method() {
    return method;
  }

  URI target() {
    return target;
  }

  /** A header of the request; empty if it is missing. */
  String header(String name) {
    return requestHeaders.getOrDefault(name, "");
  }

  InputStream body() {
    return body;
  }

  void set(String header, String value) {
    responseHeaders.put(header, value);
  }

  /**
   * Sends the head of the answer.
   *
   * @return where to write a body of the length
   */
  OutputStream answer(int status, long length) throws IOException {
    answered = true;
    // Waiting for a body that nobody wants any more would take for ever.
    expectsContinue = false;
    StringBuilder head =
        new StringBuilder("HTTP/1.1 " + status + (status < 400 ? " OK" : " Error"));
    head.append("\r\n");
    if (status != 204) {
      set("Content-Length", Long.toString(length));
    }
    responseHeaders.forEach(
        (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    return out;
  }

  /**
   * Completes the exchange: takes what is left of the request, so that a client that sends before
   * it reads gets the answer.
   *
   * @return whether the connection can be used again
   */
  boolean finish() throws IOException {
    if (!answered) {
      throw new IOException("there was no answer");
    }
    out.flush();
    byte[] buffer = new byte[8192];
    long drained = 0;
    for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
      drained += n;
      if (drained > DRAIN_LIMIT) {
        return false;
      }
    }
    return keepAlive;
  }

  /** The body of a request: of a known length, or in chunks. */
  private final class RequestBody extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean ended;

    RequestBody(InputStream in, boolean chunked, long length) {
      this.in = in;
      this.chunked = chunked;
      this.left = chunked ? 0 : length;
      this.ended = !chunked && length == 0;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (!ended && expectsContinue) {
        expectsContinue = false;
        out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
      if (!ended && chunked && left == 0) {
        nextChunk();
      }
      if (ended) {
        return -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the body of the request ended early");
      }
      left -= count;
      if (left == 0) {
        endPart();
      }
      return count;
    }

    private void nextChunk() throws IOException {
      String size = line(in);
      try {
        left = Long.parseLong(size.split(";", 2)[0].strip(), 16);
      } catch (NumberFormatException e) {
        throw new IOException("not the size of a chunk: \"" + size + "\"", e);
      }
      if (left == 0) {
        ended = true;
        while (!line(in).isEmpty()) {
          // Trailers mean nothing here.
        }
      }
    }

    private void endPart() throws IOException {
      if (chunked) {
        line(in);
      } else {
        ended = true;
      }
    }
  }
}
