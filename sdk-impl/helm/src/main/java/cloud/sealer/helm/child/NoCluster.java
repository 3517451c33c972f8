package cloud.sealer.helm.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes API that has nothing, on the loopback interface.
 *
 * <p>helm-java asks a cluster for every {@code lookup} and fails without one. Asking this one, it
 * learns that the object does not exist, as {@code helm template} would have it.
 */
final class NoCluster {
  private static final String NOT_FOUND =
      response(
          "404 Not Found",
          "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"NotFound\",\"code\":404}");

  /** Which kinds an API group has. The engine gives up where the group itself is not found. */
  private static final Pattern GROUP = Pattern.compile("GET /apis/([\\w.-]+/\\w+)[? ].*");

  private static final int TIMEOUT_MILLIS = 5_000;

  private NoCluster() {}

  /** Starts the API in a daemon thread and writes a configuration that points to it. */
  static void start(Path kubeconfig) throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    String url = "http://127.0.0.1:" + server.getLocalPort();
    Files.writeString(
        kubeconfig,
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: none, cluster: {server: "%s"}}]
        contexts: [{name: none, context: {cluster: none, user: none}}]
        users: [{name: none, user: {}}]
        current-context: none
        """
            .formatted(url));
    Thread thread = new Thread(() -> serve(server), "no-cluster");
    thread.setDaemon(true);
    thread.start();
  }

  private static void serve(ServerSocket server) {
    while (true) {
      try (Socket socket = server.accept()) {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        answer(socket);
      } catch (IOException e) {
        // The engine closed the connection early; it asks again if it needs to.
      }
    }
  }

  private static void answer(Socket socket) throws IOException {
    BufferedReader request =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = request.readLine();
    Matcher group = GROUP.matcher(line == null ? "" : line);
    String answer = group.matches() ? emptyGroup(group.group(1)) : NOT_FOUND;
    while (line != null && !line.isEmpty()) {
      line = request.readLine();
    }
    OutputStream out = socket.getOutputStream();
    out.write(answer.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static String emptyGroup(String version) {
    return response(
        "200 OK",
        "{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\",\"groupVersion\":\""
            + version
            + "\",\"resources\":[]}");
  }

  private static String response(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/json\r\nConnection: close\r\n"
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
