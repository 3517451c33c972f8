package cloud.sealer.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Finds the processes of a test again by an argument that no other process has. */
final class Processes {
  private Processes() {}

  /** A number of seconds to sleep that is unique and longer than any test. */
  static String uniqueSeconds() {
    return "1000." + ThreadLocalRandom.current().nextLong(1_000_000_000L, Long.MAX_VALUE);
  }

  static long count(String argument) {
    return ProcessHandle.allProcesses().filter(p -> hasArgument(p, argument)).count();
  }

  private static boolean hasArgument(ProcessHandle process, String argument) {
    try {
      String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
      return line.contains("\0" + argument + "\0");
    } catch (IOException e) {
      return false;
    }
  }

  static void await(BooleanSupplier condition, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not happen within " + limit);
      }
      Thread.sleep(20);
    }
  }
}
