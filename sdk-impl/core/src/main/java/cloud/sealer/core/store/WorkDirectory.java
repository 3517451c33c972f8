package cloud.sealer.core.store;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory {@code work/} with the files of all sessions, living and dead. */
final class WorkDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
  private static final String LOCK = ".lock";

  private final Path directory;
  private final Path ingest;
  private final StoreLocks locks;

  WorkDirectory(Path directory, Path ingest, StoreLocks locks) {
    this.directory = directory;
    this.ingest = ingest;
    this.locks = locks;
  }

  /**
   * The files of one session. Unfinished blobs whose key begins with the name of the scratch
   * directory are of no use to another session and go with it.
   *
   * @param lock held while the session lives; removed last
   * @param scratch its temporary files
   * @param claims the blobs it needs, one digest a line
   * @param ingest where unfinished blobs are
   */
  record SessionFiles(Path lock, Path scratch, Path claims, Path ingest) {
    void remove() throws IOException {
      TreeRemoval.remove(scratch);
      Files.deleteIfExists(claims);
      for (Path partial : partials()) {
        Files.deleteIfExists(partial);
      }
    }

    List<Path> partials() throws IOException {
      return list(ingest, scratch.getFileName() + "-*");
    }
  }

  /** Names for a new session. */
  SessionFiles next() {
    return files(UUID.randomUUID().toString());
  }

  private SessionFiles files(String id) {
    return new SessionFiles(
        directory.resolve(id + LOCK),
        directory.resolve(id),
        directory.resolve(id + ".claims"),
        ingest);
  }

  /**
   * What dead processes left.
   *
   * @param sessions how many sessions they had open
   * @param bytes the bytes of their files
   * @param partials unfinished blobs that nobody can go on with
   */
  record Removed(int sessions, long bytes, Set<Path> partials) {}

  /**
   * Removes what sessions of dead processes left, or only counts it. What cannot be removed is
   * tried again next time.
   */
  Removed removeDead(boolean dryRun) {
    int sessions = 0;
    long bytes = 0;
    Set<Path> partials = new HashSet<>();
    for (Path lock : listQuietly("*" + LOCK)) {
      String name = lock.getFileName().toString();
      SessionFiles files = files(name.substring(0, name.length() - LOCK.length()));
      try {
        Optional<StoreLocks.Held> held = locks.tryAcquire(lock);
        if (held.isPresent()) {
          try (StoreLocks.Held dead = held.get()) {
            sessions++;
            bytes += bytes(files.scratch());
            for (Path partial : files.partials()) {
              partials.add(partial);
              bytes += bytes(partial);
            }
            if (!dryRun) {
              files.remove();
              dead.delete();
            }
          }
        }
      } catch (IOException | SealerException e) {
        LOG.warn(
            "could not remove what a dead process left in {}: {}", files.scratch(), e.toString());
      }
    }
    return new Removed(sessions, bytes, partials);
  }

  /** The bytes of the files at a path and below; 0 if there is nothing. Links are not followed. */
  static long bytes(Path root) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // gone meanwhile, or closed to us
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }

  private List<Path> listQuietly(String glob) {
    try {
      return list(directory, glob);
    } catch (IOException e) {
      throw StoreFailure.of("read", directory, e);
    }
  }

  /** What the sessions that live need. */
  Set<Digest> claims() throws IOException {
    Set<Digest> claims = new HashSet<>();
    for (Path file : list(directory, "*.claims")) {
      try {
        for (String line : Files.readAllLines(file)) {
          // A line that is just being written is of a blob that is not there yet.
          if (Pruning.DIGEST.matcher(line).matches()) {
            claims.add(Digest.parse(line));
          }
        }
      } catch (NoSuchFileException e) {
        LOG.debug("the session of {} has just ended", file);
      }
    }
    return claims;
  }

  static List<Path> list(Path directory, String glob) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory, glob)) {
      children.forEach(all::add);
    } catch (NoSuchFileException e) {
      return all;
    }
    return all;
  }
}
