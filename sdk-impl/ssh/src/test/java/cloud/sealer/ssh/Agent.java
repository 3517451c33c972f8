package cloud.sealer.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An ssh-agent of the test. */
final class Agent implements AutoCloseable {
  private final Path socket;
  private final Process process;

  Agent(Path directory) throws IOException, InterruptedException {
    socket = directory.resolve("agent.socket");
    process =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    for (int i = 0; i < 100 && !Files.exists(socket); i++) {
      Thread.sleep(50);
    }
  }

  Path socket() {
    return socket;
  }

  void add(Path key) throws Exception {
    Machine.run("", "env", "SSH_AUTH_SOCK=" + socket, "ssh-add", "-q", key.toString());
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    process.waitFor();
  }
}
