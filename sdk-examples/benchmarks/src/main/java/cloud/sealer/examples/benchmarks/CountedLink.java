package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A relay on the loopback interface before a server, which counts every byte of both directions:
 * what a network would have to carry, requests and headers included.
 */
final class CountedLink implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final ServerSocket listening;
  private final String host;
  private final int port;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private CountedLink(ServerSocket listening, String host, int port) {
    this.listening = listening;
    this.host = host;
    this.port = port;
  }

  /** A relay to {@code HOST:PORT}. */
  static CountedLink to(String server) throws IOException {
    int colon = server.lastIndexOf(':');
    ServerSocket listening = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
    CountedLink link =
        new CountedLink(
            listening, server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
    start(link::accept);
    return link;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "counted-link");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  String address() {
    return host + ":" + listening.getLocalPort();
  }

  /** How many bytes it has carried so far. */
  long bytes() {
    return bytes.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        Socket server = new Socket(host, port);
        open.add(server);
        start(() -> carry(client, server));
        start(() -> carry(server, client));
      } catch (IOException e) {
        // The link is closed, or the server is gone: then its client sees the connection end.
      }
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.addAndGet(n);
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      end(from);
      end(to);
    }
    if (from.isOutputShutdown()) {
      end(from);
      end(to);
    }
  }

  private void end(Socket socket) {
    open.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // It is as good as closed.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      // It is as good as closed.
    }
    open.forEach(this::end);
  }
}
