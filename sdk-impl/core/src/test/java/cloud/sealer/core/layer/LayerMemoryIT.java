package cloud.sealer.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.store.StoreProcess;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerMemoryIT {
  private static final long SIZE = 1L << 30;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aGibibyteIsWrittenAndReadWithLittleMemory(Compression compression) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                StoreProcess.classPath(),
                LayerMemoryIT.class.getName(),
                directory.toString(),
                compression.name())
            .inheritIO()
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  public static void main(String[] args) {
    FileTree.Entry entry =
        FileTree.Entry.file(RootfsPath.of("big"), 0644, SIZE, LayerMemoryIT::content);
    try (LayerFixture layers = new LayerFixture(Path.of(args[0]))) {
      WrittenLayer layer =
          new LayerWriter(Compression.valueOf(args[1]), 0)
              .write(List.of(entry), layers.session, layers.task);
      new LayerReader(layers.store)
          .read(
              layer.descriptor(),
              layer.diffId(),
              bytes -> {},
              (read, content) -> {
                if (read.size() != SIZE) {
                  throw new IllegalStateException("size " + read.size());
                }
              });
    }
  }

  /** Repeats a line whose number changes, so that it compresses well but not to nothing. */
  private static InputStream content() {
    return new InputStream() {
      private long position;

      @Override
      public int read() {
        return position++ < SIZE ? 'x' : -1;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        if (position >= SIZE) {
          return -1;
        }
        int count = (int) Math.min(length, SIZE - position);
        java.util.Arrays.fill(bytes, offset, offset + count, (byte) (position >>> 12));
        position += count;
        return count;
      }
    };
  }
}
