package cloud.sealer.kubernetes.cluster;

import cloud.sealer.sdk.HostAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that machines reach and that leads nowhere: it only tells what it was asked for. */
final class Proxy implements AutoCloseable {
  private final ServerSocket socket;
  private final List<String> requests = new CopyOnWriteArrayList<>();

  private Proxy(ServerSocket socket) {
    this.socket = socket;
    Thread thread = new Thread(this::listen, "test-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  /** A proxy at the address that this host has in the network of the machines. */
  static Proxy besideTheMachines(HostAddress machine) throws IOException {
    String host = machine.host().replaceAll("[0-9]+$", "2");
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
    return new Proxy(socket);
  }

  String url() {
    return "http://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort();
  }

  /** The first line of every request so far. */
  List<String> requests() {
    return requests;
  }

  private void listen() {
    while (!socket.isClosed()) {
      try (Socket client = socket.accept();
          BufferedReader reader =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
        requests.add(String.valueOf(reader.readLine()));
      } catch (IOException e) {
        // The client went away, or the test is over.
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
