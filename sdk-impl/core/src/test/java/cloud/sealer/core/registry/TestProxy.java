package cloud.sealer.core.registry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTP proxy on loopback: tunnels by CONNECT, and passes plain requests on. */
public final class TestProxy implements Closeable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final String user;

  /** A proxy that asks for a name and a password, or for none if that is empty. */
  public TestProxy(String user) throws IOException {
    this.user = user;
    start(this::accept);
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Method and target of each request. */
  public List<String> requests() {
    return requests;
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        start(() -> serve(client));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = client.getInputStream();
      List<String> head = head(in);
      String[] first = head.get(0).split(" ", -1);
      requests.add(first[0] + " " + first[1]);
      String wanted =
          "proxy-authorization: basic "
              + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
      if (!user.isEmpty() && head.stream().noneMatch(line -> line.equalsIgnoreCase(wanted))) {
        client
            .getOutputStream()
            .write(
                ("HTTP/1.1 407 Proxy Authentication Required\r\n"
                        + "Proxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        return;
      }
      boolean tunnel = first[0].equals("CONNECT");
      URI target = URI.create(tunnel ? "tcp://" + first[1] : first[1]);
      try (Socket server = new Socket(target.getHost(), target.getPort())) {
        sockets.add(server);
        if (tunnel) {
          client
              .getOutputStream()
              .write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        } else {
          server.getOutputStream().write(passedOn(first, target, head));
        }
        start(() -> copy(server, client));
        copy(client, server);
      }
    } catch (IOException gone) {
      // One side went away.
    }
  }

  /** The request as the server gets it: one only, so that the connection ends with its answer. */
  private static byte[] passedOn(String[] first, URI target, List<String> head) {
    StringBuilder text = new StringBuilder(first[0] + " " + target.getRawPath() + " HTTP/1.1\r\n");
    head.stream()
        .skip(1)
        .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("proxy-"))
        .forEach(line -> text.append(line).append("\r\n"));
    return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<String> head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        if (line.isEmpty()) {
          return lines;
        }
        lines.add(line.toString());
        line.setLength(0);
      } else if (c != '\r') {
        line.append((char) c);
      }
    }
    throw new IOException("ended");
  }

  private static void copy(Socket from, Socket to) {
    try {
      OutputStream out = to.getOutputStream();
      InputStream in = from.getInputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException gone) {
      // One side went away.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
