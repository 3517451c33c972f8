package cloud.sealer.core.store;

import cloud.sealer.sdk.SealerException;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive locks on files of a directory, against other threads, other stores in this JVM, and
 * other processes.
 *
 * <p>A process that dies lets go of its locks. But POSIX also lets go of them when the process
 * closes any channel to the file, so a second store in the JVM must not even open a file that the
 * first has locked. Each lock therefore has two parts. First a byte of the file {@code lock},
 * chosen by the lock's name: the JDK keeps a table of what a JVM has locked, by inode, that no
 * closing of another channel disturbs, and refuses an overlapping lock. That settles who in this
 * JVM may touch the file of the lock itself, whose kernel lock then excludes other processes.
 * {@code lock} is never deleted, and what the kernel knows of it does not matter.
 */
public final class StoreLocks implements AutoCloseable {
  private static final long PAUSE_MILLIS = 5;

  private final Path directory;
  private final Path guardFile;
  private @Nullable FileChannel guard;

  /** Locks for the files of a directory; nothing is made there yet. */
  public StoreLocks(Path directory) {
    this.directory = directory;
    this.guardFile = directory.resolve("lock");
  }

  /** A lock that is held, with the channel of its file. */
  public static final class Held implements AutoCloseable {
    private final FileLock guard;
    private final FileChannel channel;
    private final Path file;

    private Held(FileLock guard, FileChannel channel, Path file) {
      this.guard = guard;
      this.channel = channel;
      this.file = file;
    }

    /** The open file. Nobody in this JVM may open it in another way while the lock is held. */
    FileChannel channel() {
      return channel;
    }

    /** Deletes the file. Whoever waits for the lock notices and makes the file anew. */
    public void delete() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw StoreFailure.of("delete", file, e);
      }
    }

    @Override
    public void close() {
      // In this order: as soon as the guard is free, another channel to the file may be opened.
      try {
        channel.close();
      } catch (IOException e) {
        throw StoreFailure.of("close", file, e);
      } finally {
        release(guard);
      }
    }
  }

  /** Waits for the lock of a file, which is made if missing. */
  Held acquire(Path file) {
    for (Optional<Held> held = tryAcquire(file); ; held = tryAcquire(file)) {
      if (held.isPresent()) {
        return held.get();
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        throw SealerException.cancelled("waiting for another process to finish with " + file);
      }
    }
  }

  /** Takes the lock of a file, which is made if missing; empty if somebody has it. */
  public Optional<Held> tryAcquire(Path file) {
    FileLock mine = tryGuard(directory.relativize(file).toString());
    if (mine == null) {
      return Optional.empty();
    }
    Held held = null;
    try {
      held = tryFile(mine, file);
      return Optional.ofNullable(held);
    } catch (IOException e) {
      throw StoreFailure.of("lock", file, e);
    } finally {
      if (held == null) {
        release(mine);
      }
    }
  }

  private @Nullable FileLock tryGuard(String name) {
    long position =
        Hashing.sha256().hashString(name, StandardCharsets.UTF_8).asLong() & (Long.MAX_VALUE >> 1);
    try {
      return guard().tryLock(position, 1, false);
    } catch (OverlappingFileLockException e) {
      return null;
    } catch (IOException e) {
      throw StoreFailure.of("lock", guardFile, e);
    }
  }

  private static @Nullable Held tryFile(FileLock guard, Path file) throws IOException {
    Object before = identity(file, true);
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    boolean locked = false;
    try {
      // Whoever had the lock until now may have renamed or deleted the file that was opened here.
      // As the
      // kernel does not reuse the inode of an open file, another identity on the path tells.
      locked = channel.tryLock() != null && before != null && before.equals(identity(file, false));
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    return locked ? new Held(guard, channel, file) : null;
  }

  private static @Nullable Object identity(Path file, boolean create) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      // File systems without inodes do not delete an open file either, so its path is identity
      // enough.
      return attributes.fileKey() != null ? attributes.fileKey() : file;
    } catch (NoSuchFileException e) {
      if (!create) {
        return null;
      }
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException raced) {
        return null;
      }
      return identity(file, false);
    }
  }

  private synchronized FileChannel guard() throws IOException {
    FileChannel open = guard;
    if (open == null || !open.isOpen()) {
      open =
          FileChannel.open(
              guardFile,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      guard = open;
    }
    return open;
  }

  private static void release(FileLock lock) {
    try {
      lock.release();
    } catch (ClosedChannelException e) {
      return; // the store was closed, which releases all
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Releases every lock of this store. */
  @Override
  public synchronized void close() {
    FileChannel open = guard;
    guard = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw StoreFailure.of("close", guardFile, e);
      }
    }
  }
}
