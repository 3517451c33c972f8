package cloud.sealer.core.store;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A store in an OCI image layout. The directory is made when something is first written to it;
 * until then the store is empty. Any number of stores, in this and other processes, may share a
 * directory.
 */
public final class OciLayerStore implements LayerStore {
  private final Path directory;
  private final Layout layout;
  private final StoreLocks locks;
  private final Records records;
  private final WorkDirectory work;
  private final ReentrantLock indexLock = new ReentrantLock();

  /**
   * A store.
   *
   * @param directory an OCI image layout, or a directory that is empty or does not exist yet
   */
  public OciLayerStore(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
    this.layout = new Layout(this.directory);
    this.locks = new StoreLocks(this.directory);
    this.records = new Records(this.directory.resolve("cache"));
    this.work = new WorkDirectory(this.directory.resolve("work"), ingestDirectory(), locks);
  }

  StoreLocks locks() {
    return locks;
  }

  Path directory() {
    return directory;
  }

  Path blobsDirectory() {
    return directory.resolve("blobs");
  }

  Path blob(Digest digest) {
    return blobsDirectory().resolve(digest.algorithm()).resolve(digest.hex());
  }

  Path ingestDirectory() {
    return directory.resolve("ingest");
  }

  Path ingest(String key) {
    return ingestDirectory().resolve(key);
  }

  private Path index() {
    return directory.resolve("index.json");
  }

  @Override
  public OptionalLong size(Digest digest) {
    Path file = blob(digest);
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  @Override
  public InputStream open(Digest digest) {
    Path file = blob(digest);
    try {
      return Files.newInputStream(file);
    } catch (NoSuchFileException e) {
      throw SealerException.builder(
              ErrorCode.STORE_CORRUPT, "blob " + digest + " is not in the store " + directory)
          .remedy("pull or build the image that needs it again")
          .detail("digest", digest)
          .cause(e)
          .build();
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  @Override
  public void evict(Digest digest) {
    Path file = blob(digest);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw StoreFailure.of("delete", file, e);
    }
  }

  @Override
  public Map<String, Descriptor> names() {
    return layout.exists() ? LayoutIndex.read(index()).names() : Map.of();
  }

  @Override
  public void putName(String name, Descriptor image) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("the name of an image must not be blank");
    }
    prepare();
    exclusively(
        () -> {
          LayoutIndex index = LayoutIndex.read(index());
          index.put(name, image);
          index.write();
          return true;
        });
  }

  @Override
  public boolean removeName(String name) {
    if (!layout.exists()) {
      return false;
    }
    return exclusively(
        () -> {
          LayoutIndex index = LayoutIndex.read(index());
          boolean removed = index.remove(name);
          if (removed) {
            index.write();
          }
          return removed;
        });
  }

  @Override
  public Optional<String> recall(String kind, String key) {
    return layout.exists() ? records.recall(kind, key) : Optional.empty();
  }

  @Override
  public void remember(String kind, String key, String value) {
    prepare();
    records.remember(kind, key, value);
  }

  @Override
  public Session session() {
    prepare();
    work.removeDead(false);
    WorkDirectory.SessionFiles files = work.next();
    return new StoreSession(this, locks.acquire(files.lock()), files);
  }

  @Override
  public PruneResult prune(Set<Digest> kept, Instant before, boolean dryRun) {
    if (!layout.exists()) {
      return PruneResult.NOTHING;
    }
    prepare();
    WorkDirectory.Removed dead = work.removeDead(dryRun);
    return exclusively(
        () -> {
          try {
            Pruning pruning = new Pruning(this, kept, before, dryRun);
            return pruning.run(LayoutIndex.read(index()), work, records, dead);
          } catch (IOException e) {
            throw StoreFailure.of("prune", directory, e);
          }
        });
  }

  @Override
  public long bytes() {
    try {
      return WorkDirectory.bytes(directory);
    } catch (IOException e) {
      throw StoreFailure.of("read", directory, e);
    }
  }

  private void prepare() {
    layout.prepare();
    try {
      Files.createDirectories(blobsDirectory().resolve("sha256"));
      Files.createDirectories(ingestDirectory());
      Files.createDirectories(directory.resolve("work"));
    } catch (IOException e) {
      throw StoreFailure.of("create the store", directory, e);
    }
    if (!Files.exists(index())) {
      exclusively(
          () -> {
            if (!Files.exists(index())) {
              LayoutIndex.read(index()).write();
            }
            return true;
          });
    }
  }

  /** Runs something while nobody else changes the index, prunes, or claims a blob. */
  <T> T exclusively(Supplier<T> action) {
    try {
      indexLock.lockInterruptibly();
    } catch (InterruptedException e) {
      throw SealerException.cancelled("waiting for the store " + directory);
    }
    try {
      StoreLocks.Held lock = locks.acquire(directory.resolve("index.lock"));
      try {
        return action.get();
      } finally {
        lock.close();
      }
    } finally {
      indexLock.unlock();
    }
  }

  @Override
  public void close() {
    locks.close();
  }
}
