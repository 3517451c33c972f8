package cloud.sealer.kubernetes.host;

/** Work that must come to its end also when the thread was interrupted before. */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Does the work without the interrupt flag, and sets it again. */
  public static void run(Runnable work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
