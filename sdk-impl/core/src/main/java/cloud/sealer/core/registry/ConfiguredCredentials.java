package cloud.sealer.core.registry;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.RegistryOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Credentials from the provider of the options, else from the docker configuration. What was found
 * is kept, because a credential helper is a program, until the registry refuses it.
 */
final class ConfiguredCredentials implements CredentialSource {
  private final RegistryOptions options;
  private final CredentialHelper helper;
  private final Map<String, Optional<Credentials>> known = new ConcurrentHashMap<>();
  // Not a monitor: a thread that waits for a slow helper must hear an interrupt.
  private final ReentrantLock lock = new ReentrantLock();

  ConfiguredCredentials(RegistryOptions options, CredentialHelper helper) {
    this.options = options;
    this.helper = helper;
  }

  @Override
  public Optional<Credentials> credentials(String registry)
      throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      Optional<Credentials> found = known.get(registry);
      if (found == null) {
        found = lookUp(registry);
        known.put(registry, found);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void refused(String registry) {
    known.remove(registry);
  }

  private Optional<Credentials> lookUp(String registry) throws IOException, InterruptedException {
    Optional<Credentials> given = options.credentials().credentials(registry);
    if (given.isPresent() || options.dockerConfig().isEmpty()) {
      return given;
    }
    DockerConfigFile config = DockerConfigFile.read(options.dockerConfig().get());
    Optional<String> program = config.helper(registry);
    if (program.isPresent()) {
      Optional<Credentials> kept =
          helper.get(program.get(), DockerConfigFile.serverAddress(registry));
      if (kept.isPresent()) {
        return kept;
      }
    }
    return config.credentials(registry);
  }
}
