package cloud.sealer.core.machines;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.core.store.DurableFiles;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.store.StoreLocks;
import cloud.sealer.sdk.spi.MachineOwner;
import cloud.sealer.sdk.spi.MachineResource;
import cloud.sealer.sdk.spi.ResourceLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of what one owner has: a file that is replaced as a whole at every change, and a lock
 * that tells that somebody works on it. Thread-safe.
 */
public final class MachineRecord implements ResourceLog, AutoCloseable {
  static final String FILE = "record.json";

  private final Path directory;
  private final StoreLocks.@Nullable Held lock;
  private final MachineOwner owner;
  private final String provider;
  private final Map<String, MachineResource> resources = new LinkedHashMap<>();

  MachineRecord(
      Path directory,
      StoreLocks.@Nullable Held lock,
      MachineOwner owner,
      String provider,
      List<MachineResource> resources) {
    this.directory = directory;
    this.lock = lock;
    this.owner = owner;
    this.provider = provider;
    resources.forEach(resource -> this.resources.put(key(resource), resource));
  }

  /** A record that was read; without a lock it is only to be looked at. */
  static MachineRecord of(
      Path directory, StoreLocks.@Nullable Held lock, RecordJson.Content content) {
    return new MachineRecord(
        directory, lock, content.owner(), content.provider(), content.resources());
  }

  private static String key(MachineResource resource) {
    return resource.kind() + "\n" + resource.name();
  }

  /** Whose record it is. */
  public MachineOwner owner() {
    return owner;
  }

  /** The name of the provider that made the resources. */
  public String provider() {
    return provider;
  }

  @Override
  public synchronized List<MachineResource> resources() {
    return new ArrayList<>(resources.values());
  }

  @Override
  public synchronized void put(MachineResource resource) {
    Map<String, MachineResource> next = new LinkedHashMap<>(resources);
    next.put(key(resource), resource);
    write(next);
    resources.put(key(resource), resource);
  }

  @Override
  public synchronized void remove(MachineResource resource) {
    Map<String, MachineResource> next = new LinkedHashMap<>(resources);
    next.remove(key(resource));
    write(next);
    resources.remove(key(resource));
  }

  /** Writes the record as it is, for the first time. */
  synchronized void write() {
    write(resources);
  }

  private void write(Map<String, MachineResource> content) {
    requireLock();
    Path file = directory.resolve(FILE);
    byte[] bytes = RecordJson.write(owner, provider, new ArrayList<>(content.values()));
    try {
      DurableFiles.replace(file, directory.resolve(FILE + ".new"), bytes);
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
  }

  private StoreLocks.Held requireLock() {
    StoreLocks.Held held = lock;
    if (held == null) {
      throw new IllegalStateException("the record of " + owner.name() + " was not opened");
    }
    return held;
  }

  @Override
  public Path directory() {
    return directory;
  }

  /** Forgets the owner: nothing of it is left. The record is still to be closed. */
  public void delete() {
    StoreLocks.Held held = requireLock();
    try {
      TreeRemoval.remove(directory);
    } catch (IOException e) {
      throw StoreFailure.of("delete", directory, e);
    }
    held.delete();
  }

  /** Lets others work on it. */
  @Override
  public void close() {
    StoreLocks.Held held = lock;
    if (held != null) {
      held.close();
    }
  }
}
