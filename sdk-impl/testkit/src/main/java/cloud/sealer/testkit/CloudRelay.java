package cloud.sealer.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A public address that is bound to a machine: passes connections on to the port of its SSH server,
 * if the rules of its security group let the caller in.
 */
final class CloudRelay implements AutoCloseable {
  private final InetSocketAddress target;
  private final Predicate<InetAddress> admits;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** Listens at an address for a machine, on the machine's port. */
  CloudRelay(String address, InetSocketAddress target, Predicate<InetAddress> admits)
      throws IOException {
    this.target = target;
    this.admits = admits;
    listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getByName(address), target.getPort()));
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "embedded-cloud-relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        if (!admits.test(near.getInetAddress())) {
          near.close();
          continue;
        }
        Socket far = new Socket();
        open.add(near);
        open.add(far);
        far.connect(target, 10_000);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        start(() -> copy(near, far));
        start(() -> copy(far, near));
      } catch (IOException e) {
        // Closed, or the machine does not listen yet, which the caller notices.
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException e) {
      // One side has ended.
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      // It was not wanted any more.
    }
  }
}
