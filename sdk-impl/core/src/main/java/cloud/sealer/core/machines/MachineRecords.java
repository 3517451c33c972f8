package cloud.sealer.core.machines;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.core.store.DurableFiles;
import cloud.sealer.core.store.StoreFailure;
import cloud.sealer.core.store.StoreLocks;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.MachineOwner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory of records of machines, for its owner only: for each a directory, and beside it the
 * file of its lock. Made when first needed. Thread-safe, also against other processes.
 */
public final class MachineRecords implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LOCK = ".lock";
  private static final String HOME = "home";
  private static final int HOME_BYTES = 10;
  private static final int NAME_BYTES = 5;

  private final Path root;
  private final StoreLocks locks;

  /** The records of a directory. */
  public MachineRecords(Path root) {
    this.root = root;
    this.locks = new StoreLocks(root);
  }

  /** The identifier of the directory, which all resources that are recorded in it carry. */
  public String home() {
    Path file = root.resolve(HOME);
    prepare();
    Optional<String> known = readHome(file);
    if (known.isPresent()) {
      return known.get();
    }
    Path mine = root.resolve(HOME + "-" + random(NAME_BYTES));
    try {
      DurableFiles.replace(
          mine,
          root.resolve(mine.getFileName() + ".new"),
          random(HOME_BYTES).getBytes(StandardCharsets.UTF_8));
      // Unlike a renaming, a link leaves the file of a faster one alone.
      linkIfAbsent(file, mine);
      Files.delete(mine);
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
    return readHome(file).orElseThrow();
  }

  private static void linkIfAbsent(Path file, Path content) throws IOException {
    try {
      Files.createLink(file, content);
    } catch (FileAlreadyExistsException e) {
      return; // somebody was faster
    }
  }

  private static Optional<String> readHome(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  private void prepare() {
    directory(root);
  }

  private static void directory(Path directory) {
    try {
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      } else {
        Files.createDirectories(directory);
      }
    } catch (IOException e) {
      throw StoreFailure.of("make", directory, e);
    }
  }

  private static String random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /**
   * Starts the record of a new owner, which is locked until it is closed.
   *
   * @param purpose what the machines are for
   * @param provider the name of who makes them
   */
  public MachineRecord begin(MachineOwner.Purpose purpose, String provider) {
    String name = purpose.name().toLowerCase(Locale.ROOT) + "-" + random(NAME_BYTES);
    return adopt(new MachineOwner(name, purpose, home()), provider);
  }

  /**
   * The record of an owner, locked until it is closed; started if it has none, or if it is lost.
   *
   * @throws SealerException with {@link ErrorCode#CLUSTER_BUSY} if somebody is at work on it
   */
  public MachineRecord adopt(MachineOwner owner, String provider) {
    prepare();
    StoreLocks.Held lock =
        locks.tryAcquire(root.resolve(owner.name() + LOCK)).orElseThrow(() -> busy(owner.name()));
    boolean begun = false;
    try {
      // Whoever had the lock before may have started it.
      MachineRecord adopted = look(owner.name(), lock).orElse(null);
      if (adopted == null) {
        Path directory = root.resolve(owner.name());
        directory(directory);
        adopted = new MachineRecord(directory, lock, owner, provider, List.of());
        adopted.write();
      }
      begun = true;
      return adopted;
    } finally {
      if (!begun) {
        lock.close();
      }
    }
  }

  private static SealerException busy(String owner) {
    return SealerException.builder(
            ErrorCode.CLUSTER_BUSY, "somebody else is at work on the machines of " + owner)
        .remedy("wait until it is done, then try again")
        .retryable(true)
        .build();
  }

  /**
   * The record of an owner, locked until it is closed.
   *
   * @return the record; empty if there is none
   * @throws SealerException with {@link ErrorCode#CLUSTER_BUSY} if somebody is at work on it
   */
  public Optional<MachineRecord> open(String owner) {
    if (!Files.exists(root.resolve(owner).resolve(MachineRecord.FILE))) {
      return Optional.empty();
    }
    StoreLocks.Held lock =
        locks.tryAcquire(root.resolve(owner + LOCK)).orElseThrow(() -> busy(owner));
    return Optional.ofNullable(read(owner, lock));
  }

  /** What is recorded of an owner at this moment, to be read only; empty if there is no record. */
  public Optional<MachineRecord> look(String owner) {
    return look(owner, null);
  }

  private Optional<MachineRecord> look(String owner, StoreLocks.@Nullable Held lock) {
    Path directory = root.resolve(owner);
    try {
      byte[] bytes = Files.readAllBytes(directory.resolve(MachineRecord.FILE));
      return Optional.of(MachineRecord.of(directory, lock, RecordJson.read(bytes)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw StoreFailure.of("read", directory, e);
    }
  }

  /** The names of all owners that have a record, whether somebody works on it or not. */
  public Set<String> owners() {
    if (!Files.isDirectory(root)) {
      return Set.of();
    }
    try (Stream<Path> files = Files.list(root)) {
      Set<String> names = new TreeSet<>();
      files
          .filter(Files::isDirectory)
          .map(directory -> directory.getFileName().toString())
          .forEach(names::add);
      return names;
    } catch (IOException e) {
      throw StoreFailure.of("list", root, e);
    }
  }

  /**
   * The records that nobody works on. Each is locked until it is closed.
   *
   * @return the records, sorted by name
   */
  public List<MachineRecord> abandoned() {
    List<MachineRecord> found = new ArrayList<>();
    boolean complete = false;
    try {
      for (String name : owners()) {
        MachineRecord taken = take(name);
        if (taken != null) {
          found.add(taken);
        }
      }
      complete = true;
      return found;
    } finally {
      if (!complete) {
        found.forEach(MachineRecord::close);
      }
    }
  }

  private @Nullable MachineRecord take(String name) {
    Optional<StoreLocks.Held> lock = locks.tryAcquire(root.resolve(name + LOCK));
    if (lock.isEmpty()) {
      return null;
    }
    return read(name, lock.get());
  }

  /** Reads a record; lets go of the lock if there is none. */
  private @Nullable MachineRecord read(String name, StoreLocks.Held lock) {
    MachineRecord read = null;
    try {
      read = read(root.resolve(name), lock);
      return read;
    } finally {
      if (read == null) {
        lock.close();
      }
    }
  }

  private @Nullable MachineRecord read(Path directory, StoreLocks.Held lock) {
    Path file = directory.resolve(MachineRecord.FILE);
    try {
      return MachineRecord.of(directory, lock, RecordJson.read(Files.readAllBytes(file)));
    } catch (NoSuchFileException e) {
      // It was removed in between, or its process died before it had made anything.
      try {
        TreeRemoval.remove(directory);
      } catch (IOException inUse) {
        throw StoreFailure.of("delete", directory, inUse);
      }
      lock.delete();
      return null;
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  /** Lets go of all locks. */
  @Override
  public void close() {
    locks.close();
  }
}
