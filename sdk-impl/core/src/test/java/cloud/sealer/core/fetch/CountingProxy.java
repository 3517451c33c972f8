package cloud.sealer.core.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Passes one kind of connection on and counts what the server sends. */
final class CountingProxy implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicLong bytes = new AtomicLong();
  private final URI target;

  CountingProxy(String target) throws IOException {
    this.target = URI.create(target);
    threads.execute(this::accept);
  }

  String url() {
    return target.getScheme() + "://127.0.0.1:" + socket.getLocalPort() + "/";
  }

  long bytes() {
    return bytes.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = socket.accept();
        Socket server = new Socket(target.getHost(), target.getPort());
        threads.execute(() -> copy(client, server, new AtomicLong()));
        threads.execute(() -> copy(server, client, bytes));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void copy(Socket from, Socket to, AtomicLong counter) {
    byte[] buffer = new byte[8192];
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      int n;
      while ((n = in.read(buffer)) >= 0) {
        counter.addAndGet(n);
        out.write(buffer, 0, n);
      }
    } catch (IOException e) {
      // one side has closed
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    threads.shutdownNow();
  }
}
