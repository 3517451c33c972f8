package cloud.sealer.kubernetes.lease;

import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.store.StoreLocks;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * A cluster held against other runs with the same directory of records, in this and other
 * processes. The kernel lets go of it when the process ends.
 */
public final class LocalLease implements AutoCloseable {
  private static final String DIRECTORY = ".locks";

  private final StoreLocks locks;
  private final StoreLocks.Held held;
  private final Owner owner;

  private LocalLease(StoreLocks locks, StoreLocks.Held held, Owner owner) {
    this.locks = locks;
    this.held = held;
    this.owner = owner;
  }

  /**
   * Takes a cluster.
   *
   * @param clusters the directory of records
   * @param cluster the name of the cluster
   * @param clock for when it was taken
   * @throws cloud.sealer.sdk.SealerException with {@link cloud.sealer.sdk.ErrorCode#CLUSTER_BUSY}
   *     if somebody has it
   */
  public static LocalLease acquire(Path clusters, String cluster, Clock clock) {
    Path directory = clusters.resolve(DIRECTORY);
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw StoreFailure.of("make", directory, e);
    }
    // What the holder says stands beside its lock: whoever opened and closed the lock's own file in
    // the holder's process would end the lock.
    Path who = directory.resolve(cluster + ".owner");
    StoreLocks locks = new StoreLocks(directory);
    Optional<StoreLocks.Held> held = Optional.empty();
    LocalLease lease = null;
    try {
      held = locks.tryAcquire(directory.resolve(cluster + ".held"));
      if (held.isEmpty()) {
        throw Owner.busy(cluster, directory.toString(), read(who));
      }
      Owner owner = Owner.ofThisProcess(origin(directory), clock);
      write(who, owner.text());
      lease = new LocalLease(locks, held.get(), owner);
      return lease;
    } finally {
      if (lease == null) {
        held.ifPresent(StoreLocks.Held::close);
        locks.close();
      }
    }
  }

  Owner owner() {
    return owner;
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  private static void write(Path file, String text) {
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.writeString(temporary, text);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
  }

  /** What tells this directory of records from all others. */
  private static String origin(Path directory) {
    Path file = directory.resolve("origin");
    try {
      Path fresh = Files.createTempFile(directory, "origin", ".new");
      try {
        Files.writeString(fresh, UUID.randomUUID().toString());
        Files.createLink(file, fresh);
      } catch (FileAlreadyExistsException e) {
        return Files.readString(file);
      } finally {
        Files.delete(fresh);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  @Override
  public void close() {
    try {
      held.close();
    } finally {
      locks.close();
    }
  }
}
