package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file system in memory of a given size, which root can mount.
 *
 * @param path where it is mounted
 */
public record SmallDisk(Path path) implements AutoCloseable {
  /** Mounts one, or skips the test if this user may not. */
  public static SmallDisk mount(Path path, String size) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    Files.createDirectories(path);
    run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString());
    return new SmallDisk(path);
  }

  /** Gives it another size. */
  public void resize(String size) throws Exception {
    run("mount", "-o", "remount,size=" + size, path.toString());
  }

  /** Writes until nothing is left. */
  public void fill() throws IOException {
    Path file = path.resolve("filler");
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(List.of(command) + ": " + output).isZero();
  }

  @Override
  public void close() throws Exception {
    run("umount", path.toString());
  }
}
