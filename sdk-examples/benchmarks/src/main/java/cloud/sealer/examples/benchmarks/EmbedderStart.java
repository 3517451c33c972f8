package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;

/**
 * What a program pays for having the library in it: run in a JVM of its own, it prints the
 * milliseconds until a {@link Sealer} is there, and the threads that are left after it is closed.
 */
final class EmbedderStart {
  private EmbedderStart() {}

  /**
   * Starts and closes a {@link Sealer}.
   *
   * @param args the directory of its store
   */
  public static void main(String[] args) {
    int before = Thread.activeCount();
    long start = System.nanoTime();
    try (Sealer sealer = Sealer.builder().store(Path.of(args[0])).build()) {
      sealer.builder(BuildMode.LITE);
      sealer.images().list();
      System.out.println("ms " + (System.nanoTime() - start) / 1e6);
    }
    System.out.println("threads " + (Thread.activeCount() - before));
  }
}
