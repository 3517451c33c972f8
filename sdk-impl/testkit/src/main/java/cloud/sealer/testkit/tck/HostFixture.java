package cloud.sealer.testkit.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A session on a host, with a directory of its own there that is removed after each test. */
abstract class HostFixture {
  final RecordingTask task = new RecordingTask();
  HostConnector connector;
  HostSession session;
  String directory;

  @SuppressWarnings("NullAway.Init")
  HostFixture() {}

  /**
   * Makes a connector that reaches {@link #host}.
   *
   * @return a connector, closed after the test
   * @throws Exception if it cannot be made
   */
  protected abstract HostConnector connector() throws Exception;

  /**
   * The host to connect to.
   *
   * @return the host
   */
  protected abstract Host host();

  /**
   * Whether commands are executed as root, as on all hosts but those of fast tests.
   *
   * @return true by default
   */
  protected boolean root() {
    return true;
  }

  @BeforeEach
  void connect() throws Exception {
    connector = connector();
    session = connector.connect(host(), task);
    directory = "/tmp/sealer-tck-" + UUID.randomUUID();
    assertThat(out("mkdir " + directory)).isEmpty();
  }

  @AfterEach
  void disconnect() {
    session.exec(HostCommand.of("rm -rf " + directory), HostOutput.NONE);
    session.close();
    connector.close();
  }

  /** Keeps what a command prints. */
  static final class Text implements HostOutput {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Override
    public synchronized void stdout(byte[] bytes, int offset, int length) {
      out.write(bytes, offset, length);
    }

    @Override
    public synchronized void stderr(byte[] bytes, int offset, int length) {
      err.write(bytes, offset, length);
    }

    synchronized String out() {
      return out.toString(UTF_8);
    }

    synchronized String err() {
      return err.toString(UTF_8);
    }
  }

  /** What a command that must succeed prints. */
  final String out(HostCommand command) {
    Text text = new Text();
    ExitStatus status = session.exec(command, text);
    assertThat(status.ok()).as("%s: %s %s", command, status, text.err()).isTrue();
    return text.out();
  }

  final String out(String command) {
    return out(HostCommand.of(command));
  }

  static FileTree.Content bytes(byte[] bytes) {
    return () -> new ByteArrayInputStream(bytes);
  }

  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  final String path(String name) {
    return directory + "/" + name;
  }
}
