package cloud.sealer.testkit;

import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one test has: directories, a registry, and a Sealer for each store it asks for. All of it is
 * closed and deleted after the test. Thread-safe.
 *
 * <p>Usually {@link SealerExtension} makes it; without JUnit it can be used in a try-with-resources
 * statement.
 */
public final class SealerEnvironment implements AutoCloseable {
  private final Path root;
  private final EmbeddedRegistry registry;
  private final boolean ownsRegistry;
  private final Function<Sealer.Builder, Sealer> factory;
  private final RecordingListener listener = new RecordingListener();
  private final Map<String, Sealer> sealers = new HashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @Nullable EmbeddedSshHost sshHost;

  SealerEnvironment(
      EmbeddedRegistry registry, boolean ownsRegistry, Function<Sealer.Builder, Sealer> factory) {
    this.registry = registry;
    this.ownsRegistry = ownsRegistry;
    this.factory = factory;
    try {
      this.root = Files.createTempDirectory("sealer-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes an environment with a registry of its own.
   *
   * @return the environment, to be closed by the caller
   */
  public static SealerEnvironment create() {
    return new SealerEnvironment(EmbeddedRegistry.start(), true, Sealer.Builder::build);
  }

  /**
   * The registry.
   *
   * @return the registry, which the Sealers reach over plain HTTP
   */
  public EmbeddedRegistry registry() {
    return registry;
  }

  /**
   * The Sealer of the test.
   *
   * @return always the same one
   */
  public Sealer sealer() {
    return sealer("store");
  }

  /**
   * A Sealer on another store, such as one to pull into what the first has pushed.
   *
   * @param name the name of the store's directory
   * @return always the same one for one name
   */
  public synchronized Sealer sealer(String name) {
    return sealers.computeIfAbsent(
        name,
        directory -> {
          Sealer sealer = factory.apply(settings(directory));
          open.add(sealer);
          return sealer;
        });
  }

  private Sealer.Builder settings(String directory) {
    return Sealer.builder()
        .store(store(directory))
        .registries(
            RegistryOptions.builder()
                .plainHttp(registry.address())
                .retryDelay(Duration.ofMillis(10))
                .build());
  }

  /**
   * The directory of the store of {@link #sealer()}.
   *
   * @return a path in the test's directory
   */
  public Path store() {
    return store("store");
  }

  private Path store(String name) {
    return root.resolve("stores").resolve(name);
  }

  /**
   * A directory for files of the test, such as a build context.
   *
   * @param name its name
   * @return an existing directory
   */
  public Path directory(String name) {
    try {
      return Files.createDirectories(root.resolve("files").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A host over SSH.
   *
   * @return always the same one, started when it is first asked for
   */
  public synchronized EmbeddedSshHost sshHost() {
    EmbeddedSshHost host = sshHost;
    if (host == null) {
      host = EmbeddedSshHost.start();
      sshHost = host;
      open.add(host);
    }
    return host;
  }

  /**
   * A listener to give to calls.
   *
   * @return always the same one
   */
  public RecordingListener listener() {
    return listener;
  }

  /** Closes the Sealers and its own registry, and deletes all directories. */
  @Override
  public synchronized void close() {
    if (ownsRegistry) {
      open.add(0, registry);
    }
    open.add(0, () -> Directories.delete(root));
    RuntimeException failure = null;
    for (int i = open.size() - 1; i >= 0; i--) {
      try {
        open.get(i).close();
      } catch (Exception e) {
        failure = failure == null ? new IllegalStateException("cannot clean up", e) : failure;
        failure.addSuppressed(e);
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
