package cloud.sealer.docker;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.testkit.RecordingTask;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Uploads more than the heap of its JVM holds, and prints what arrived and the peak of its heap.
 */
final class LargeUpload {
  private LargeUpload() {}

  /** Zeros, as many as asked for. */
  private static final class Zeros extends InputStream {
    private long left;

    Zeros(long size) {
      left = size;
    }

    @Override
    public int read() {
      return left-- > 0 ? 0 : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      Arrays.fill(bytes, offset, offset + count, (byte) 0);
      left -= count;
      return count;
    }
  }

  /**
   * The program.
   *
   * @param args the address of the engine and the number of bytes
   */
  public static void main(String[] args) {
    long size = Long.parseLong(args[1]);
    try (DockerHostConnector connector = DockerHostConnector.of(URI.create(args[0]));
        HostSession session =
            connector.connect(Host.at(HostAddress.parse(Engine.CONTAINER)), new RecordingTask())) {
      session.upload("/tmp/large", 0644, () -> new Zeros(size));
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      session.exec(
          HostCommand.of("wc -c </tmp/large; rm /tmp/large"),
          new HostOutput() {
            @Override
            public void stdout(byte[] bytes, int offset, int length) {
              printed.write(bytes, offset, length);
            }

            @Override
            public void stderr(byte[] bytes, int offset, int length) {}
          });
      System.out.println("arrived " + printed.toString(StandardCharsets.UTF_8).strip());
    }
    long peak =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .mapToLong(pool -> pool.getPeakUsage().getUsed())
            .sum();
    System.out.println("heap " + peak);
  }
}
