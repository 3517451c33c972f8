package cloud.sealer.cli;

import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import java.util.Locale;

/** Shows events to a person or a program. */
interface Progress extends EventListener, AutoCloseable {
  /** Shows nothing. */
  Progress SILENT = event -> {};

  @Override
  default void close() {}

  /** A number of bytes for people. */
  static String bytes(long bytes) {
    String[] units = {"B", "KB", "MB", "GB", "TB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }

  /** Whether a task is worth a line of its own. */
  static boolean isShown(Event.TaskKind kind) {
    return switch (kind) {
      case BASE,
          INSTRUCTION,
          DISCOVERY,
          COLLECTION,
          IMAGE,
          PULL,
          PUSH,
          SAVE,
          LOAD,
          VERIFY,
          SIGN,
          SBOM,
          COMPARISON,
          RELOCATION,
          PRUNE,
          STEP,
          DISTRIBUTION,
          MACHINES,
          TRANSFER,
          SETTLE ->
          true;
      case BUILD, BLOB, FETCH, LAYER, CLUSTER, EXEC -> false;
    };
  }
}
