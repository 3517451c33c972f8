package cloud.sealer.core.registry;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/**
 * An HTTP server on loopback that does what a test says, also what no good server does: it owns the
 * raw socket, so it can cut a body, stall, or answer nonsense.
 */
final class ScriptedServer implements Closeable {
  /** Answers a request. */
  @FunctionalInterface
  interface Handler {
    void handle(Request request, Reply reply) throws IOException, InterruptedException;
  }

  /**
   * A request, or a TLS greeting with the method TLS; the body is read by the handler or skipped.
   */
  record Request(String method, String target, Map<String, String> headers, InputStream body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    String path() {
      return target.split("\\?", 2)[0];
    }
  }

  private static final int TLS_HANDSHAKE = 22;

  private final ServerSocket listener;
  private final String scheme;
  private final Handler handler;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  final AtomicInteger connections = new AtomicInteger();
  final List<Request> requests = new CopyOnWriteArrayList<>();

  ScriptedServer(Handler handler) throws IOException {
    this("http", ServerSocketFactory.getDefault(), handler);
  }

  ScriptedServer(String scheme, ServerSocketFactory sockets, Handler handler) throws IOException {
    this.scheme = scheme;
    this.handler = handler;
    listener = sockets.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  String host() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  String url(String path) {
    return scheme + "://" + host() + path;
  }

  List<String> log() {
    return requests.stream().map(r -> r.method() + " " + r.target()).toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        sockets.add(socket);
        connections.incrementAndGet();
        start(() -> serve(socket));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
      while (true) {
        in.mark(1);
        if (scheme.equals("http") && in.read() == TLS_HANDSHAKE) {
          Request request = new Request("TLS", "/", Map.of(), in);
          requests.add(request);
          handler.handle(request, new Reply(request, socket));
          return;
        }
        in.reset();
        String first = line(in);
        if (first.isEmpty()) {
          return;
        }
        String[] words = first.split(" ", -1);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
          String[] parts = line.split(":", 2);
          headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
        }
        long length = Long.parseLong(headers.getOrDefault("content-length", "0"));
        Body body = new Body(in, length);
        Request request = new Request(words[0], words[1], headers, body);
        requests.add(request);
        Reply reply = new Reply(request, socket);
        handler.handle(request, reply);
        if (reply.ended) {
          return;
        }
        body.skipRest();
      }
    } catch (IOException | InterruptedException gone) {
      // The client went away, as some tests want.
    } finally {
      sockets.remove(socket);
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  /** Sends an answer, or breaks off. */
  static final class Reply {
    private final Request request;
    private final Socket socket;
    private boolean ended;

    Reply(Request request, Socket socket) {
      this.request = request;
      this.socket = socket;
    }

    void send(int status, Map<String, String> headers, byte[] body) throws IOException {
      head(status, headers, body.length);
      if (!request.method().equals("HEAD")) {
        out().write(body);
      }
      out().flush();
    }

    void send(int status, Map<String, String> headers) throws IOException {
      send(status, headers, new byte[0]);
    }

    void send(int status, String body) throws IOException {
      send(status, Map.of(), body.getBytes(StandardCharsets.UTF_8));
    }

    /** The head of an answer with a body of that length to follow. */
    void head(int status, Map<String, String> headers, long length) throws IOException {
      StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " Status\r\n");
      headers.forEach((name, value) -> text.append(name + ": " + value + "\r\n"));
      if (length >= 0 && !headers.containsKey("Content-Length")) {
        text.append("Content-Length: " + length + "\r\n");
      }
      out().write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    OutputStream out() throws IOException {
      return socket.getOutputStream();
    }

    /** Closes the connection after what was sent so far. */
    void cut() throws IOException {
      out().flush();
      ended = true;
    }
  }

  /** The body of one request. */
  private static final class Body extends InputStream {
    private final InputStream in;
    private long left;

    Body(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int start, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(buffer, start, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    void skipRest() throws IOException {
      transferTo(OutputStream.nullOutputStream());
    }
  }
}
