package cloud.sealer.core.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes directories even if their modes forbid it. The kernel leaves a directory of mode 0 in the
 * work directory of an overlay, and a command may make more of the kind; as their owner we may open
 * them first.
 */
final class Removal {
  private static final Logger log = LoggerFactory.getLogger(Removal.class);
  private static final Set<PosixFilePermission> OWNER_ALL =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private Removal() {}

  /** Removes a tree, or as much of it as possible, never following links. */
  static void tree(Path root) {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      new Remover(root, false).walk();
    }
  }

  /** Removes all that is in a directory, which stays. */
  static void contents(Path directory) {
    if (Files.isDirectory(directory)) {
      new Remover(directory, true).walk();
    }
  }

  /** Adds the permissions of a directory's owner that are missing. */
  static void open(Path directory) throws IOException {
    if (!Files.isReadable(directory)
        || !Files.isExecutable(directory)
        || !Files.isWritable(directory)) {
      Set<PosixFilePermission> modes = EnumSet.copyOf(OWNER_ALL);
      modes.addAll(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
      Files.setPosixFilePermissions(directory, modes);
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    private final Path root;
    private final boolean keepRoot;

    Remover(Path root, boolean keepRoot) {
      this.root = root;
      this.keepRoot = keepRoot;
    }

    void walk() {
      try {
        if (Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
          open(root);
        }
        Files.walkFileTree(root, this);
      } catch (IOException e) {
        // The caller removes the scratch directory as well; what was done succeeded or failed
        // before this.
        log.warn("Could not remove {}: {}", root, IoReason.of(e));
      }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      try (var children = Files.newDirectoryStream(directory)) {
        for (Path child : children) {
          // The walk opens a directory before it announces it, so this happens one level above.
          if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
            open(child);
          }
        }
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      if (!keepRoot || !directory.equals(root)) {
        Files.deleteIfExists(directory);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
