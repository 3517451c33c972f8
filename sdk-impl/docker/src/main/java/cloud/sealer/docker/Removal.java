package cloud.sealer.docker;

import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.InfrastructureProvider.Leftover;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes resources and sees that they are gone. An engine that is still busy with one (a removal
 * that is under way, an endpoint of a network that is about to go) is asked again.
 */
final class Removal {
  private static final int TRIES = 40;
  private static final Duration PAUSE = Duration.ofMillis(250);

  private final EngineClient engine;
  private final ResourceLog log;
  private final List<Leftover> left = new ArrayList<>();

  Removal(EngineClient engine, ResourceLog log) {
    this.engine = engine;
    this.log = log;
  }

  /** A call of the engine. */
  private interface Step {
    void run();
  }

  void container(MachineResource container) {
    String id = idOf(container);
    remove(
        container,
        () -> engine.get().removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec(),
        () -> engine.get().inspectContainerCmd(id).exec());
  }

  void network(MachineResource network) {
    String id = idOf(network);
    remove(
        network,
        () -> engine.get().removeNetworkCmd(id).exec(),
        () -> engine.get().inspectNetworkCmd().withNetworkId(id).exec());
  }

  /** One that was recorded but whose making was never seen to end goes by its name. */
  private static String idOf(MachineResource resource) {
    return resource.id().isEmpty() ? resource.name() : resource.id();
  }

  private void remove(MachineResource resource, Step removal, Step look) {
    String reason = "it is still there";
    for (int i = 0; i < TRIES; i++) {
      try {
        removal.run();
      } catch (NotFoundException e) {
        log.remove(resource);
        return;
      } catch (RuntimeException e) {
        reason = EngineClient.reason(e);
      }
      try {
        look.run();
      } catch (NotFoundException e) {
        log.remove(resource);
        return;
      } catch (RuntimeException e) {
        reason = EngineClient.reason(e);
      }
      pause(resource);
    }
    left.add(new Leftover(resource, reason, false));
  }

  private static void pause(MachineResource resource) {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      throw SealerException.cancelled("removing " + resource);
    }
  }

  List<Leftover> left() {
    return left;
  }
}
