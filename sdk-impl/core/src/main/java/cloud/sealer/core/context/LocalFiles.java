package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree.Content;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Makes entries of files of this machine, with as much as its file system tells. */
final class LocalFiles {
  /** A file changed so recently may change again without any of its times being different. */
  private static final Duration RACY = Duration.ofSeconds(2);

  /**
   * What entries are made of. All would include the names of owner and group, two look-ups each.
   */
  private static final String UNIX =
      "unix:isSymbolicLink,isDirectory,mode,size,ino,lastModifiedTime,ctime";

  private final boolean unix;
  private final boolean posix;
  private final Clock clock;

  LocalFiles(Path root, Clock clock) {
    Set<String> views = root.getFileSystem().supportedFileAttributeViews();
    this.unix = views.contains("unix");
    this.posix = views.contains("posix");
    this.clock = clock;
  }

  /** The entry for a file, directory or link. */
  Entry entry(RootfsPath path, Path file) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, unix ? UNIX : "*", LinkOption.NOFOLLOW_LINKS);
    if (is(attributes, "isSymbolicLink")) {
      return Entry.symlink(path, Files.readSymbolicLink(file).toString());
    }
    boolean directory = is(attributes, "isDirectory");
    int mode = mode(file, attributes, directory);
    if (directory) {
      return Entry.directory(path, mode);
    }
    long size = number(attributes, "size");
    return new Entry(
        path, Kind.FILE, mode, size, "", new LocalContent(file, path), stamp(attributes));
  }

  private int mode(Path file, Map<String, Object> attributes, boolean directory)
      throws IOException {
    if (unix) {
      return (int) number(attributes, "mode") & 07777;
    }
    if (!posix) {
      return directory ? 0755 : 0644;
    }
    String permissions =
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    int mode = 0;
    for (int i = 0; i < permissions.length(); i++) {
      mode |= permissions.charAt(i) == '-' ? 0 : 0400 >> i;
    }
    return mode;
  }

  private @Nullable String stamp(Map<String, Object> attributes) {
    if (!unix) {
      return null;
    }
    Instant modified = time(attributes, "lastModifiedTime");
    Instant changed = time(attributes, "ctime");
    Instant settled = clock.instant().minus(RACY);
    if (!modified.isBefore(settled) || !changed.isBefore(settled)) {
      return null;
    }
    return number(attributes, "ino")
        + ":"
        + number(attributes, "size")
        + ":"
        + nanoseconds(modified)
        + ":"
        + nanoseconds(changed);
  }

  private static long nanoseconds(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  private static boolean is(Map<String, Object> attributes, String name) {
    return Boolean.TRUE.equals(attributes.get(name));
  }

  private static long number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Number value ? value.longValue() : 0;
  }

  private static Instant time(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof FileTime value ? value.toInstant() : Instant.MAX;
  }

  /** The bytes of a local file, with errors that say which file of the context it is. */
  private record LocalContent(Path file, RootfsPath path) implements Content {
    @Override
    public InputStream open() throws IOException {
      try {
        // not followed: what was a file when the tree was read must not have become a link
        // elsewhere
        return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
      } catch (AccessDeniedException e) {
        throw unreadable("this user may not read it", "Make it readable, or leave it out", e);
      } catch (NoSuchFileException e) {
        throw unreadable("it disappeared while the build ran", "Build again, or leave it out", e);
      }
    }

    private SealerException unreadable(String why, String remedy, IOException cause) {
      return SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              "cannot read \"" + path + "\" of the build context: " + why)
          .cause(cause)
          .remedy(remedy + " with a line in .kubefileignore.")
          .detail("file", file)
          .build();
    }
  }
}
