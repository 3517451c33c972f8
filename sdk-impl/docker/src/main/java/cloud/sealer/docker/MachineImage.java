package cloud.sealer.docker;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import com.github.dockerjava.api.command.PullImageResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;

/** The image that machines are made of. */
final class MachineImage {
  private MachineImage() {}

  /** Sees that the engine has the image, or lets it pull it. */
  static void require(EngineClient engine, String image, Task task) {
    boolean there =
        engine.ask(
            "looking for the image " + image,
            () -> {
              try {
                engine.get().inspectImageCmd(image).exec();
                return true;
              } catch (NotFoundException e) {
                return false;
              }
            });
    if (!there) {
      pull(engine, image, task);
    }
  }

  private static void pull(EngineClient engine, String image, Task task) {
    task.notice("the engine pulls the machine image " + image);
    PullImageResultCallback output =
        new PullImageResultCallback() {
          @Override
          public void onNext(PullResponseItem item) {
            if (item.getStatus() != null && item.getProgressDetail() == null) {
              task.output(item.getStatus());
            }
            super.onNext(item);
          }
        };
    try {
      engine.get().pullImageCmd(image).exec(output).awaitCompletion();
    } catch (InterruptedException e) {
      throw SealerException.cancelled("pulling " + image);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("pulling " + image);
      }
      throw SealerException.builder(
              ErrorCode.MACHINES_UNAVAILABLE,
              "the docker engine cannot get the machine image "
                  + image
                  + ": "
                  + EngineClient.reason(e))
          .remedy(
              "load it into the engine (docker load), or name another image of machines"
                  + " (--machine-image)")
          .cause(e)
          .build();
    }
  }
}
