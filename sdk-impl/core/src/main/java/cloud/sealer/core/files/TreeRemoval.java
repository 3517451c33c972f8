package cloud.sealer.core.files;

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

/**
 * Removes trees even if the modes in them forbid it: the kernel leaves a directory of mode 0 in the
 * work directory of an overlay, and images hold more of the kind. As their owner we may open them
 * first. Links are removed, never followed.
 */
public final class TreeRemoval {
  private static final Set<PosixFilePermission> OWNER_ALL =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private TreeRemoval() {}

  /** Removes a file or a tree, if there is one. */
  public static void remove(Path root) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      openIfDirectory(root);
      Files.walkFileTree(root, new Remover(null));
    }
  }

  /** Removes all that is in a directory, which stays. */
  public static void removeContents(Path directory) throws IOException {
    if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      open(directory);
      Files.walkFileTree(directory, new Remover(directory));
    }
  }

  /** Adds the permissions of a directory's owner that are missing. */
  public static void open(Path directory) throws IOException {
    if (!Files.isReadable(directory)
        || !Files.isExecutable(directory)
        || !Files.isWritable(directory)) {
      Set<PosixFilePermission> modes = EnumSet.copyOf(OWNER_ALL);
      modes.addAll(Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
      Files.setPosixFilePermissions(directory, modes);
    }
  }

  private static void openIfDirectory(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      open(path);
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    private final @Nullable Path kept;

    Remover(@Nullable Path kept) {
      this.kept = kept;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      try (var children = Files.newDirectoryStream(directory)) {
        for (Path child : children) {
          // The walk opens a directory before it announces it, so this happens one level above.
          openIfDirectory(child);
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
      if (!directory.equals(kept)) {
        Files.deleteIfExists(directory);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
