package cloud.sealer.core.run;

import cloud.sealer.core.files.TreeRemoval;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what a command left. A failure is only logged: the caller removes the scratch directory
 * as well, and what was done succeeded or failed before this.
 */
final class Cleanup {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);

  private Cleanup() {}

  /** Removes a tree, or as much of it as possible. */
  static void tree(Path root) {
    try {
      TreeRemoval.remove(root);
    } catch (IOException e) {
      LOG.warn("could not remove {}: {}", root, IoReason.of(e));
    }
  }

  /** Removes all that is in a directory, which stays. */
  static void contents(Path directory) {
    try {
      TreeRemoval.removeContents(directory);
    } catch (IOException e) {
      LOG.warn("could not empty {}: {}", directory, IoReason.of(e));
    }
  }
}
