package cloud.sealer.testkit;

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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A relay from a free port of an address to another port there, which misbehaves on demand: it cuts
 * connections, lets bytes through slowly, or stops to let any through. Thread-safe.
 */
public final class TcpLink implements AutoCloseable {
  private static final int PIECE = 16 * 1024;
  private static final int PIECES_PER_SECOND = 20;

  private final InetSocketAddress target;
  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private volatile long cutAt = Long.MAX_VALUE;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private volatile boolean stalled;

  private TcpLink(InetSocketAddress target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, target.getAddress());
    start("accept", this::accept);
  }

  /**
   * Starts a relay on the loopback interface.
   *
   * @param port where it leads to
   * @return the relay, to be closed by the caller
   */
  public static TcpLink to(int port) {
    return to(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }

  /**
   * Starts a relay.
   *
   * @param address an address of this machine
   * @param port where it leads to at that address
   * @return the relay, to be closed by the caller
   */
  public static TcpLink to(String address, int port) {
    try {
      return new TcpLink(new InetSocketAddress(InetAddress.getByName(address), port));
    } catch (IOException e) {
      throw new UncheckedIOException("the relay cannot listen", e);
    }
  }

  /**
   * Where it listens.
   *
   * @return the port
   */
  public int port() {
    return listener.getLocalPort();
  }

  /**
   * How many connections there were so far.
   *
   * @return the number of those accepted, whatever became of them
   */
  public int connections() {
    return connections.get();
  }

  /**
   * How much went to the target so far.
   *
   * @return the number of bytes, of all connections
   */
  public long received() {
    return received.get();
  }

  /**
   * How much came from the target so far.
   *
   * @return the number of bytes, of all connections
   */
  public long sent() {
    return sent.get();
  }

  /**
   * Cuts every connection, once, when that many more bytes have gone to the target.
   *
   * @param bytes how many
   */
  public void cutAfter(long bytes) {
    cutAt = received.get() + bytes;
  }

  /** Cuts every connection now; new ones work. */
  public void cut() {
    cutAt = Long.MAX_VALUE;
    open.forEach(TcpLink::close);
  }

  /**
   * Limits each direction of each connection from now on.
   *
   * @param bytes how many pass in a second
   */
  public void slow(long bytes) {
    bytesPerSecond = bytes;
  }

  /**
   * Lets nothing through, without closing anything, as when a cable is pulled.
   *
   * @param stalled false to go on
   */
  public void stall(boolean stalled) {
    this.stalled = stalled;
  }

  private static void start(String what, Runnable work) {
    Thread thread = new Thread(work, "tcp-link-" + what);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket near = listener.accept();
        connections.incrementAndGet();
        Socket far = new Socket(target.getAddress(), target.getPort());
        for (Socket socket : new Socket[] {near, far}) {
          socket.setTcpNoDelay(true);
          open.add(socket);
        }
        start("up", () -> copy(near, far, received));
        start("down", () -> copy(far, near, sent));
      } catch (IOException e) {
        // Closed, or the target is gone, which the other side notices by the connection's end.
      }
    }
  }

  private void copy(Socket from, Socket to, AtomicLong counter) {
    byte[] buffer = new byte[PIECE];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer, 0, piece()); n >= 0; n = in.read(buffer, 0, piece())) {
        delay();
        out.write(buffer, 0, n);
        if (counter.addAndGet(n) >= cutAt && counter.equals(received)) {
          cut();
        }
      }
    } catch (IOException e) {
      // Cut, or one side has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  private int piece() {
    return (int) Math.max(1, Math.min(PIECE, bytesPerSecond / PIECES_PER_SECOND));
  }

  private void delay() throws InterruptedException {
    if (bytesPerSecond < Long.MAX_VALUE) {
      Thread.sleep(1000 / PIECES_PER_SECOND);
    }
    while (stalled && !listener.isClosed()) {
      Thread.sleep(10);
    }
  }

  private static void close(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception e) {
      // It was not wanted any more.
    }
  }

  /** Stops listening and cuts every connection. */
  @Override
  public void close() {
    close(listener);
    cut();
  }
}
