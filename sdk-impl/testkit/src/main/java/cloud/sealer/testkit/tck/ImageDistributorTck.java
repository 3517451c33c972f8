package cloud.sealer.testkit.tck;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.HostSession.ExitStatus;
import cloud.sealer.sdk.spi.ImageDistributor;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks an {@link ImageDistributor} on a host: what a host gets by its commands, and that they
 * leave and show nothing. The host must share the file system with the test.
 */
@Timeout(120)
public abstract class ImageDistributorTck {
  /** The image that layers belong to, unless a subclass has another name for it. */
  protected static final Reference IMAGE = Reference.parse("registry.test/team/cluster:v1");

  @TempDir private Path temporary;
  private final RecordingTask task = new RecordingTask();
  private ImageDistributor distributor;
  private HostConnector connector;
  private HostSession session;

  /** For subclasses. */
  @SuppressWarnings("NullAway.Init")
  protected ImageDistributorTck() {}

  /**
   * Makes the distributor.
   *
   * @return the distributor
   * @throws Exception if it cannot be made
   */
  protected abstract ImageDistributor distributor() throws Exception;

  /**
   * Makes a connector that reaches {@link #host}.
   *
   * @return a connector, closed after the test
   */
  protected abstract HostConnector connector();

  /**
   * The host that gets layers.
   *
   * @return the host
   */
  protected abstract Host host();

  /**
   * Puts a layer where the distributor takes layers from.
   *
   * @param image the image
   * @param layer the layer
   * @param bytes its bytes
   * @throws Exception if that fails
   */
  protected abstract void publish(Reference image, Descriptor layer, byte[] bytes) throws Exception;

  /**
   * The image that layers belong to.
   *
   * @return its name
   */
  protected Reference image() {
    return IMAGE;
  }

  /**
   * Where the distributor is told to take layers from.
   *
   * @return the word; empty for its default
   */
  protected String from() {
    return "";
  }

  /**
   * Texts that may not be seen in lists of processes and in messages.
   *
   * @return secrets that the distributor works with
   */
  protected List<String> secrets() {
    return List.of();
  }

  @BeforeEach
  final void connect() throws Exception {
    distributor = distributor();
    connector = connector();
    session = connector.connect(host(), task);
  }

  @AfterEach
  final void disconnect() {
    session.close();
    connector.close();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static Descriptor layer(byte[] bytes) {
    return new Descriptor(MediaType.OCI_LAYER, Tck.sha256(bytes), bytes.length);
  }

  private HostCommand fetch(Descriptor layer, byte[] bytes) {
    HostCommand command =
        distributor.fetch(
            new ImageDistributor.Request(
                image(), layer, () -> new ByteArrayInputStream(bytes), host(), from(), task));
    HostCommand.Builder here =
        HostCommand.builder(command.text())
            .title(command.title())
            .environment("TMPDIR", temporary.toString());
    command.environment().forEach(here::environment);
    command.stdin().ifPresent(here::stdin);
    return here.build();
  }

  private byte[] printed(HostCommand command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    ExitStatus status =
        session.exec(
            command,
            new HostOutput() {
              @Override
              public void stdout(byte[] bytes, int offset, int length) {
                out.write(bytes, offset, length);
              }

              @Override
              public void stderr(byte[] bytes, int offset, int length) {
                err.write(bytes, offset, length);
              }
            });
    assertThat(status.ok()).as("%s: %s %s", command, status, err).isTrue();
    return out.toByteArray();
  }

  private byte[] delivered(byte[] bytes) throws Exception {
    Descriptor layer = layer(bytes);
    publish(image(), layer, bytes);
    return printed(fetch(layer, bytes));
  }

  @Test
  void nameIsAWord() {
    assertThat(distributor.name()).matches("[a-z0-9-]+");
  }

  @Test
  void hostGetsExactlyTheBytesOfTheLayer() throws Exception {
    byte[] bytes = random(3_000_001);
    assertThat(delivered(bytes)).isEqualTo(bytes);
  }

  @Test
  void theSmallestLayerIsDeliveredToo() throws Exception {
    byte[] bytes = random(1);
    assertThat(delivered(bytes)).isEqualTo(bytes);
  }

  @Test
  void layersComeAtOnce() throws Exception {
    byte[] bytes = random(400_000);
    Descriptor layer = layer(bytes);
    publish(image(), layer, bytes);
    assertThat(Tck.atOnce(6, () -> printed(fetch(layer, bytes))))
        .allSatisfy(each -> assertThat(each).isEqualTo(bytes));
  }

  @Test
  void layerThatCannotBeHadIsAFailure() {
    Descriptor unknown = layer(random(100));
    ImageDistributor.Request request =
        new ImageDistributor.Request(
            image(),
            unknown,
            () -> {
              throw new IOException("the store has lost it");
            },
            host(),
            from(),
            task);
    SealerException failure =
        Tck.failure(
            () -> {
              HostCommand command = distributor.fetch(request);
              if (!session.exec(command, HostOutput.NONE).ok()) {
                throw SealerException.builder(ErrorCode.COMMAND_FAILED, command.title()).build();
              }
            });
    assertThat(failure.getMessage()).isNotBlank();
  }

  @Test
  void nothingIsLeftOnTheHost() throws Exception {
    delivered(random(100_000));
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void nothingSecretIsInTheTextOrTheTitle() throws Exception {
    byte[] bytes = random(1000);
    Descriptor layer = layer(bytes);
    publish(image(), layer, bytes);
    HostCommand command = fetch(layer, bytes);
    assertThat(command.title()).contains(layer.digest().toString());
    for (String secret : secrets()) {
      assertThat(command.text()).doesNotContain(secret);
      assertThat(command.title()).doesNotContain(secret);
      assertThat(task.notices()).noneMatch(notice -> notice.contains(secret));
    }
  }
}
