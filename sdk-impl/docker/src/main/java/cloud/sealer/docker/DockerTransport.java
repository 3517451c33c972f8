package cloud.sealer.docker;

import cloud.sealer.core.host.HostProcess;
import cloud.sealer.core.host.HostTransport;
import com.github.dockerjava.api.DockerClient;
import java.io.IOException;

/** Starts processes in a container. Thread-safe. */
final class DockerTransport implements HostTransport {
  private final DockerClient client;
  private final String container;
  private volatile boolean closed;

  DockerTransport(DockerClient client, String container) {
    this.client = client;
    this.container = container;
  }

  @Override
  public HostProcess start(String line, boolean urgent) throws IOException {
    if (closed) {
      throw new IOException("the session is closed");
    }
    try {
      String id =
          client
              .execCreateCmd(container)
              .withAttachStdin(true)
              .withAttachStdout(true)
              .withAttachStderr(true)
              .withUser("0:0")
              .withCmd("sh", "-c", line)
              .exec()
              .getId();
      return new DockerProcess(client, id);
    } catch (RuntimeException e) {
      throw new IOException(String.valueOf(e.getMessage()).strip(), e);
    }
  }

  @Override
  public boolean endsInput() {
    return false;
  }

  @Override
  public void close() {
    closed = true;
  }
}
