package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;

/** Reads a directory of this machine. Links are entries, never followed, so loops do not matter. */
final class DirectoryReader {
  private static final char REPLACEMENT = '\uFFFD';
  private static final String NOT_UTF_8 = "has a name that is not UTF-8";

  private final Path root;
  private final IgnoreFile ignore;
  private final LocalFiles files;
  private final TreeContents contents;

  private DirectoryReader(Path root, IgnoreFile ignore, Clock clock) {
    this.root = root;
    this.ignore = ignore;
    this.files = new LocalFiles(root, clock);
    this.contents = new TreeContents("build context " + root);
  }

  /**
   * Reads everything below a directory.
   *
   * @param root the directory, its own links resolved
   * @param ignore directories that it leaves out as a whole are not looked into
   * @param clock tells how old a file is
   */
  static TreeContents read(Path root, IgnoreFile ignore, Clock clock) {
    DirectoryReader reader = new DirectoryReader(root, ignore, clock);
    try {
      Files.walkFileTree(root, reader.new Visitor());
    } catch (NoSuchFileException e) {
      throw failed(root, e, e.getFile() + " disappeared while it was read");
    } catch (IOException e) {
      throw failed(root, e, String.valueOf(e.getMessage()));
    }
    return reader.contents;
  }

  private static SealerException failed(Path root, IOException e, String why) {
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT, "cannot read the build context " + root + ": " + why)
        .cause(e)
        .build();
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
        throws IOException {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("reading the build context " + root);
      }
      if (directory.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      RootfsPath path = path(directory);
      if (isUnnamed(path)) {
        contents.addUnusable(path, NOT_UTF_8);
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (ignore.prunes(path)) {
        contents.addPruned(path);
        return FileVisitResult.SKIP_SUBTREE;
      }
      contents.add(files.entry(path, directory));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      RootfsPath path = path(file);
      if (isUnnamed(path)) {
        contents.addUnusable(path, NOT_UTF_8);
      } else if (attributes.isOther()) {
        contents.addUnusable(path, "is a socket, pipe or device");
      } else {
        contents.add(files.entry(path, file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (!(e instanceof AccessDeniedException) || file.equals(root)) {
        throw e;
      }
      RootfsPath path = path(file);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        contents.addUnusable(path, "is a directory that this user may not read");
      } else {
        contents.addUnusable(path, "may not be read by this user");
      }
      return FileVisitResult.CONTINUE;
    }

    private RootfsPath path(Path file) {
      Path name = root.relativize(file);
      String text = name.toString();
      if (text.indexOf(REPLACEMENT) >= 0) {
        text = decoded(file);
      }
      String separator = root.getFileSystem().getSeparator();
      return RootfsPath.of(separator.equals("/") ? text : text.replace(separator, "/"));
    }
  }

  /**
   * The name in UTF-8, whatever the locale of this JVM: where that is plain ASCII, Path.toString
   * loses every other character, but a URI has the bytes. Bytes that are no UTF-8 become the
   * replacement character.
   */
  private String decoded(Path file) {
    String prefix = root.toUri().getRawPath();
    String rest = file.toUri().getRawPath().substring(prefix.length());
    ByteBuffer bytes = ByteBuffer.allocate(rest.length());
    for (int i = 0; i < rest.length(); i++) {
      boolean escape = rest.charAt(i) == '%';
      bytes.put(escape ? (byte) Integer.parseInt(rest, i + 1, i + 3, 16) : (byte) rest.charAt(i));
      i += escape ? 2 : 0;
    }
    return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
  }

  private static boolean isUnnamed(RootfsPath path) {
    return path.value().indexOf(REPLACEMENT) >= 0;
  }
}
