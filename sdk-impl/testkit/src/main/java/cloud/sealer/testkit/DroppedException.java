package cloud.sealer.testkit;

import java.io.IOException;

/** Ends a request by breaking its connection. */
final class DroppedException extends IOException {
  private static final long serialVersionUID = 1L;

  DroppedException() {
    super("dropped by a fault");
  }
}
