package cloud.sealer.core.build;

import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directories of one build, which go with its session. */
final class Scratch {
  private Scratch() {}

  /** Makes a directory, or takes the one there is. */
  static Path directory(LayerStore.Session session, String name) {
    Path directory = session.scratch().resolve(name);
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw StoreFailure.of("make", directory, e);
    }
  }
}
