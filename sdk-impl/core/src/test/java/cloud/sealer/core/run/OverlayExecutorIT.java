package cloud.sealer.core.run;

import cloud.sealer.sdk.spi.RunExecutor;
import java.nio.file.Path;

/** The contract for the overlay mount of root. */
class OverlayExecutorIT extends RunExecutorContract {
  @Override
  RunExecutor executor(Path probeDirectory) {
    return ShellExecutor.overlay(probeDirectory);
  }
}
