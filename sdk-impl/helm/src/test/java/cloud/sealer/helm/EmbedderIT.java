package cloud.sealer.helm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That an application does not notice that charts are rendered for it. */
class EmbedderIT {
  @TempDir Path directory;

  @BeforeAll
  static void needsTheEngine() {
    Engine.assumeThere();
  }

  private Process start(Path scratch, Path temporary, Path kubeconfig, String mode)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xlog:class+load:file=" + directory.resolve("classes.log"),
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + temporary,
            "-Duser.home=" + temporary,
            "-cp",
            Engine.classPath(directory),
            Embedder.class.getName(),
            scratch.toString(),
            mode);
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("HOME", temporary.toString());
    return builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<String> linesUntil(BufferedReader out, String last) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.startsWith(last)) {
        break;
      }
    }
    return lines;
  }

  @Test
  void signalsFilesClusterAndThreadsAreUntouched() throws Exception {
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Path kubeconfig = directory.resolve("kubeconfig");
    try (ServerSocket cluster = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          contexts: [{name: c, context: {cluster: c, user: u}}]
          users: [{name: u, user: {}}]
          current-context: c
          """
              .formatted(cluster.getLocalPort()));
      Process embedder = start(scratch, temporary, kubeconfig, "short");
      try (BufferedReader out =
          new BufferedReader(new InputStreamReader(embedder.getInputStream(), UTF_8))) {
        assertThat(linesUntil(out, "children"))
            .containsExactly("rendered", "threads 0", "children 0");
        assertThat(scratch).isEmptyDirectory();
        assertThat(temporary).isEmptyDirectory();
        cluster.setSoTimeout(1);
        assertThat(catchAccept(cluster)).isInstanceOf(SocketTimeoutException.class);

        // Ends it only if the engine has not taken over the signal.
        embedder.toHandle().destroy();
        assertThat(embedder.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(embedder.exitValue()).isEqualTo(143);
        assertThat(out.readLine()).isEqualTo("hook");
      } finally {
        embedder.destroyForcibly();
      }
    }
    assertThat(Files.readString(directory.resolve("classes.log")))
        .contains("cloud.sealer.helm.HelmJvmRenderer")
        .doesNotContain("com.marcnuri")
        .doesNotContain("com.sun.jna");
  }

  private static Throwable catchAccept(ServerSocket cluster) {
    try (java.net.Socket socket = cluster.accept()) {
      return new AssertionError("the user's cluster was asked: " + socket);
    } catch (IOException e) {
      return e;
    }
  }

  @Test
  void nothingIsLeftWhenTheApplicationIsKilled() throws Exception {
    Path scratch = Files.createDirectory(directory.resolve("scratch"));
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    Process embedder = start(scratch, temporary, directory.resolve("none"), "endless");
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(embedder.getInputStream(), UTF_8))) {
      linesUntil(out, "rendered");
      Thread.sleep(300);
      List<ProcessHandle> children = embedder.toHandle().children().toList();
      assertThat(children).hasSize(1);
      assertThat(scratch).isNotEmptyDirectory();
      embedder.destroyForcibly().waitFor();
      children.get(0).onExit().get(10, TimeUnit.SECONDS);
      Instant deadline = Instant.now().plus(Duration.ofSeconds(5));
      while (Files.list(scratch).findAny().isPresent() && Instant.now().isBefore(deadline)) {
        Thread.sleep(20);
      }
      assertThat(scratch).isEmptyDirectory();
      assertThat(temporary).isEmptyDirectory();
    } finally {
      embedder.destroyForcibly();
    }
  }
}
