package cloud.sealer.core.run;

import cloud.sealer.sdk.spi.RunExecutor;
import java.nio.file.Path;

/** The contract for the comparison of snapshots. */
class CopyExecutorIT extends RunExecutorContract {
  @Override
  RunExecutor executor(Path probeDirectory) {
    return ShellExecutor.copy(probeDirectory);
  }
}
