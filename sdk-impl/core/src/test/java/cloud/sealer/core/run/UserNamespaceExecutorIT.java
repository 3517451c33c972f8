package cloud.sealer.core.run;

import cloud.sealer.sdk.spi.RunExecutor;
import java.nio.file.Path;

/** The contract for the overlay mount in a user namespace. */
class UserNamespaceExecutorIT extends RunExecutorContract {
  @Override
  RunExecutor executor(Path probeDirectory) {
    return ShellExecutor.overlayInUserNamespace(probeDirectory);
  }
}
