package cloud.sealer.core.event;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.spi.Task;

/** Where a task hangs: below another task, or at the top of a call. */
@FunctionalInterface
public interface TaskStarter {
  /** Starts a task; {@code total} is -1 if unknown. */
  Task start(Event.TaskKind kind, String name, long total);
}
