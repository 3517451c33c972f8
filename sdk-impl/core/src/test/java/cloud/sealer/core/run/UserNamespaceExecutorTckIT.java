package cloud.sealer.core.run;

import cloud.sealer.sdk.spi.RunExecutor;
import cloud.sealer.testkit.tck.RunExecutorTck;
import java.nio.file.Path;

class UserNamespaceExecutorTckIT extends RunExecutorTck {
  @Override
  protected RunExecutor executor(Path directory) {
    return RunExecutors.standard(directory).stream()
        .filter(executor -> executor.name().equals("overlay-userns"))
        .findFirst()
        .orElseThrow();
  }
}
