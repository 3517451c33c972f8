package cloud.sealer.core.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel says of a file, without following links. Any change of content or mode changes at
 * least one component, as nothing but the kernel sets the change time.
 */
record UnixFile(
    Type type,
    int mode,
    long inode,
    int links,
    long device,
    long size,
    FileTime modified,
    FileTime changed) {
  private static final String ATTRIBUTES = "unix:mode,ino,nlink,rdev,size,lastModifiedTime,ctime";

  /** The kinds of files, as far as an image can hold them. */
  enum Type {
    FILE,
    DIRECTORY,
    SYMLINK,
    CHARACTER_DEVICE("a device"),
    BLOCK_DEVICE("a device"),
    FIFO("a named pipe"),
    SOCKET("a socket");

    final String words;

    Type() {
      this("");
    }

    Type(String words) {
      this.words = words;
    }

    /** Whether it has no place in an image. */
    boolean isSpecial() {
      return !words.isEmpty();
    }

    static Type of(int mode) throws IOException {
      return switch (mode & 0170000) {
        case 0100000 -> FILE;
        case 0040000 -> DIRECTORY;
        case 0120000 -> SYMLINK;
        case 0020000 -> CHARACTER_DEVICE;
        case 0060000 -> BLOCK_DEVICE;
        case 0010000 -> FIFO;
        case 0140000 -> SOCKET;
        default -> throw new IOException("unknown file type, mode 0" + Integer.toOctalString(mode));
      };
    }
  }

  static UnixFile of(Path path) throws IOException {
    Map<String, Object> values = Files.readAttributes(path, ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
    int mode = number(values, "mode").intValue();
    return new UnixFile(
        Type.of(mode),
        mode & 07777,
        number(values, "ino").longValue(),
        number(values, "nlink").intValue(),
        number(values, "rdev").longValue(),
        number(values, "size").longValue(),
        time(values, "lastModifiedTime"),
        time(values, "ctime"));
  }

  /** The file, or null if there is none. */
  static @Nullable UnixFile ifPresent(Path path) throws IOException {
    try {
      return of(path);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  boolean isDirectory() {
    return type == Type.DIRECTORY;
  }

  /** How an overlay notes a deletion. */
  boolean isWhiteout() {
    return type == Type.CHARACTER_DEVICE && device == 0;
  }

  /** Whether a layer must tell about the other file if this one is there already. */
  boolean differsFrom(UnixFile other) {
    // The times and the size of a directory only say that something in it has changed.
    return isDirectory() ? type != other.type || mode != other.mode : !equals(other);
  }

  String stamp() {
    return inode + "-" + size + "-" + modified.toInstant() + "-" + changed.toInstant();
  }

  private static Number number(Map<String, Object> values, String name) throws IOException {
    if (values.get(name) instanceof Number number) {
      return number;
    }
    throw new IOException("the file system does not tell the " + name + " of a file");
  }

  private static FileTime time(Map<String, Object> values, String name) throws IOException {
    if (values.get(name) instanceof FileTime time) {
      return time;
    }
    throw new IOException("the file system does not tell the " + name + " of a file");
  }
}
