package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request at the embedded registry and its answer, with the faults that fit it. */
final class Call {
  private final Exchange exchange;
  private final Faults faults;
  private final Recorder.Entry record;
  private final String path;

  Call(Exchange exchange, Faults faults, Recorder recorder) {
    this.exchange = exchange;
    this.faults = faults;
    this.path = Optional.ofNullable(exchange.target().getPath()).orElse("");
    this.record =
        new Recorder.Entry(
            method(),
            path,
            Optional.ofNullable(exchange.target().getRawQuery()).orElse(""),
            header("Range"),
            !header("Authorization").isEmpty());
    recorder.add(record);
  }

  String method() {
    return exchange.method();
  }

  String path() {
    return path;
  }

  /** A header of the request; empty if it is missing. */
  String header(String name) {
    return exchange.header(name);
  }

  /** A parameter of the query; empty if it is missing. */
  String parameter(String name) {
    List<String> values = parameters(name);
    return values.isEmpty() ? "" : values.get(0);
  }

  List<String> parameters(String name) {
    return parameters(exchange.target().getRawQuery(), name);
  }

  /** The values of a parameter of a query or form. */
  static List<String> parameters(@Nullable String form, String name) {
    List<String> values = new ArrayList<>();
    for (String pair : form == null ? new String[0] : form.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0 && decode(pair.substring(0, equals)).equals(name)) {
        values.add(decode(pair.substring(equals + 1)));
      }
    }
    return values;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** The body of the request, which a fault may cut. */
  InputStream body() {
    Optional<Fault> cut = faults.of(Fault.Kind.CUT_UPLOAD, method(), path, null);
    long limit = cut.map(Fault::value).orElse(Long.MAX_VALUE);
    return new FilterInputStream(exchange.body()) {
      private long position;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        if (position == limit && length > 0) {
          throw new DroppedException();
        }
        int count = super.read(buffer, offset, (int) Math.min(length, limit - position));
        position += Math.max(count, 0);
        record.received(Math.max(count, 0));
        return count;
      }
    };
  }

  Call set(String header, Object value) {
    exchange.set(header, value.toString());
    return this;
  }

  /** Answers without a body. */
  void reply(int status) throws IOException {
    record.status(status);
    exchange.answer(status, 0);
  }

  /** Answers with a small text. */
  void reply(int status, String json) throws IOException {
    reply(status, "application/json", json);
  }

  void reply(int status, String mediaType, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    set("Content-Type", mediaType);
    send(status, new ByteArrayInputStream(bytes), null, 0, bytes.length);
  }

  void reply(RegistryError error) throws IOException {
    reply(error.status(), error.json());
  }

  /** Answers with a whole blob or manifest, or the range of it that was asked for. */
  void reply(Path file, Digest digest, boolean ranges) throws IOException, RegistryError {
    long size = Files.size(file);
    long start = 0;
    long end = size;
    int status = 200;
    String wanted = ranges ? header("Range") : "";
    if (!wanted.isEmpty() && faults.of(Fault.Kind.NO_RANGE, method(), path, digest).isEmpty()) {
      ByteRange range = ByteRange.parse(wanted, size);
      start = range.start();
      end = range.end();
      status = 206;
      set("Content-Range", "bytes " + start + "-" + (end - 1) + "/" + size);
    }
    if (ranges) {
      set("Accept-Ranges", "bytes");
    }
    try (InputStream content = Files.newInputStream(file)) {
      content.skipNBytes(start);
      send(status, content, digest, start, end);
    }
  }

  private void send(int status, InputStream content, @Nullable Digest digest, long start, long end)
      throws IOException {
    record.status(status);
    OutputStream out = exchange.answer(status, end - start);
    if (!method().equals("HEAD")) {
      FaultyBody body = new FaultyBody(out, record, faults);
      if (digest != null) {
        body.prepare(method(), path, digest, start, end);
      }
      body.send(content, start, end);
    }
  }

  /** Answers as a fault wants it. */
  void fail(Fault fault) throws IOException {
    if (fault.kind() == Fault.Kind.DROP) {
      throw new DroppedException();
    }
    fault.retryAfter().ifPresent(seconds -> set("Retry-After", seconds));
    if (!fault.location().isEmpty()) {
      set("Location", fault.location() + exchange.target());
      reply(307);
      return;
    }
    String code = fault.value() == 429 ? "TOOMANYREQUESTS" : "UNKNOWN";
    reply(new RegistryError((int) fault.value(), code, "a fault of the embedded registry"));
  }
}
