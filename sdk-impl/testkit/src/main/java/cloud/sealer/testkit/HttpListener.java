package cloud.sealer.testkit;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A plain HTTP/1.1 server on 127.0.0.1 with a thread for each connection.
 *
 * <p>The one of the JDK sends headers and body in packets of their own and leaves Nagle's algorithm
 * on, which costs a client 40 ms for each small answer, unless a system property of the whole JVM
 * is set; and it does not let a fault break a connection at a certain byte.
 */
final class HttpListener implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final ServerSocket server = new ServerSocket();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newCachedThreadPool(HttpListener::thread);
  private volatile boolean closed;

  /** Answers requests. What it throws breaks the connection. */
  @FunctionalInterface
  interface Handler {
    void handle(Exchange exchange) throws IOException;
  }

  HttpListener(int port) throws IOException {
    // A closed registry leaves connections behind for a minute that must not keep its successor
    // away.
    server.setReuseAddress(true);
    server.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "embedded-registry");
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return server.getLocalPort();
  }

  void start(Handler handler) {
    threads.execute(() -> accept(handler));
  }

  private void accept(Handler handler) {
    while (!closed) {
      try {
        Socket socket = server.accept();
        connections.add(socket);
        threads.execute(() -> serve(socket, handler));
      } catch (IOException | RejectedExecutionException e) {
        // Closed, or a connection that was gone before it was taken.
      }
    }
  }

  private void serve(Socket socket, Handler handler) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
      boolean open = true;
      while (open && !closed) {
        @Nullable Exchange exchange = Exchange.read(in, out);
        if (exchange == null) {
          return;
        }
        handler.handle(exchange);
        open = exchange.finish();
      }
    } catch (IOException | IllegalArgumentException e) {
      // The client has gone or sends nonsense, or a fault wants the connection broken, which
      // closing it does.
      return;
    } finally {
      connections.remove(socket);
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.shutdownNow();
    try {
      server.close();
      for (Socket connection : connections) {
        connection.close();
      }
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the registry's threads do not end");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
