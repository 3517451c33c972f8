package cloud.sealer.examples.recipes;

import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * Cancels a build from another thread by interrupting the one that builds. The processes of {@code
 * RUN} end, the interrupt flag stays set, nothing is named, and the store serves the next build.
 */
public final class CancelBuild {
  private CancelBuild() {}

  /** Runs with the directory of a store. */
  public static void main(String[] args) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    BuildRequest request =
        BuildRequest.builder()
            .kubefile(Kubefile.builder().from("scratch").run("echo started; sleep 600").build())
            .name("never:v1")
            .listener(
                event -> {
                  if (event instanceof Event.Output) {
                    started.countDown();
                  }
                })
            .build();
    try (Sealer sealer = Sealer.builder().store(Path.of(args[0])).build()) {
      Thread builder = new Thread(() -> build(sealer, request), "builder");
      builder.start();
      started.await();
      builder.interrupt();
      builder.join();
      System.out.println("images in the store: " + sealer.images().list().size());
    }
  }

  private static void build(Sealer sealer, BuildRequest request) {
    try {
      sealer.builder(BuildMode.LITE).build(request);
    } catch (SealerException e) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      System.out.println(e.code() + ", interrupt flag " + (interrupted ? "kept" : "lost"));
      if (e.code() != ErrorCode.CANCELLED) {
        throw e;
      }
    }
  }
}
