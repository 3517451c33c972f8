package cloud.sealer.core.run;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ends processes that left the process group of their command, such as daemons. They are recognised
 * by the home directory in their environment, which no other command has. One that drops its
 * environment as well escapes, unless it is in a PID namespace.
 */
final class StrayProcesses {
  private static final Path PROC = Path.of("/proc");
  private static final int LIMIT = 1 << 20;

  private StrayProcesses() {}

  /**
   * Kills the processes until none is left, or the time is over.
   *
   * @return whether the thread was interrupted meanwhile
   */
  static boolean end(Path home, Duration limit) {
    byte[] mark = ("\0HOME=" + home + "\0").getBytes(StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    List<Long> found = find(mark);
    while (!found.isEmpty() && System.nanoTime() - deadline < 0) {
      found.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      found = find(mark);
    }
    return interrupted;
  }

  private static List<Long> find(byte[] mark) {
    List<Long> pids = new ArrayList<>();
    if (Files.isDirectory(PROC)) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
        for (Path process : processes) {
          if (contains(environment(process), mark)) {
            pids.add(Long.valueOf(process.getFileName().toString()));
          }
        }
      } catch (IOException | DirectoryIteratorException e) {
        return pids; // no process information here; the signal to the group has to do
      }
    }
    return pids;
  }

  /**
   * The environment between two NULs; only the one of a process we may not see or that has ended is
   * empty.
   */
  private static byte[] environment(Path process) {
    // Not a channel, which an interrupted thread cannot read.
    try (var stream = new FileInputStream(process.resolve("environ").toFile())) {
      byte[] bytes = stream.readNBytes(LIMIT);
      byte[] framed = new byte[bytes.length + 2];
      System.arraycopy(bytes, 0, framed, 1, bytes.length);
      return framed;
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static boolean contains(byte[] text, byte[] mark) {
    for (int i = 0; i + mark.length <= text.length; i++) {
      if (text[i] == 0 && Arrays.equals(text, i, i + mark.length, mark, 0, mark.length)) {
        return true;
      }
    }
    return false;
  }
}
