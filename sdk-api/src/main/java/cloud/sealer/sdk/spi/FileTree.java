package cloud.sealer.sdk.spi;

import cloud.sealer.sdk.RootfsPath;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tree of files with modes and links: a build context, a fetched source, or what a {@code RUN}
 * changed.
 *
 * <p>The tree is a snapshot: it must not change while it is open. Implementations need not be
 * thread-safe, but contents may be opened in any order and from any thread.
 */
public interface FileTree extends AutoCloseable {
  /**
   * Everything in the tree but its root.
   *
   * @return the entries sorted by path, each directory before what it holds
   */
  List<Entry> entries();

  /** Releases what the tree holds, such as an open archive. Does nothing by default. */
  @Override
  default void close() {}

  /** The bytes of a file. */
  @FunctionalInterface
  interface Content {
    /**
     * Opens the bytes from the start. May be called more than once.
     *
     * @return a new stream, to be closed by the caller
     * @throws IOException if the bytes cannot be read
     */
    InputStream open() throws IOException;
  }

  /** What an entry is. */
  enum Kind {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** Another name of a file that comes earlier in the tree. */
    HARD_LINK,
    /** Deletes what lower layers have at this path. */
    WHITEOUT,
    /** A directory that hides what lower layers have in it. */
    OPAQUE_DIRECTORY
  }

  /**
   * One file, directory, link or deletion.
   *
   * @param path where it is, never the root
   * @param kind what it is
   * @param mode its permission bits, with set-uid, set-gid and sticky; at most 07777
   * @param size the length of a file in bytes; 0 otherwise
   * @param target what a symbolic link points to, as it stands, or the path of the file a hard link
   *     names; empty otherwise
   * @param content the bytes of a file; null otherwise
   * @param stamp a text that changes whenever the content of the file does, such as inode, size and
   *     times; null if the content must be read to know
   */
  record Entry(
      RootfsPath path,
      Kind kind,
      int mode,
      long size,
      String target,
      @Nullable Content content,
      @Nullable String stamp) {
    /** Checks that the parts fit the kind. */
    public Entry {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(kind, "kind");
      Objects.requireNonNull(target, "target");
      if (path.isRoot()) {
        throw new IllegalArgumentException("an entry must not be the root");
      }
      if (mode < 0 || mode > 07777) {
        throw new IllegalArgumentException(
            "mode must be at most 07777, got 0" + Integer.toOctalString(mode));
      }
      if ((kind == Kind.FILE) != (content != null)) {
        throw new IllegalArgumentException("a file, and only a file, has content: " + path);
      }
      if ((kind == Kind.SYMLINK || kind == Kind.HARD_LINK) == target.isEmpty()) {
        throw new IllegalArgumentException("a link, and only a link, has a target: " + path);
      }
    }

    /**
     * A regular file.
     *
     * @param path where it is
     * @param mode its permission bits
     * @param size its length in bytes
     * @param content its bytes
     * @return the entry
     */
    public static Entry file(RootfsPath path, int mode, long size, Content content) {
      return new Entry(path, Kind.FILE, mode, size, "", content, null);
    }

    /**
     * A directory.
     *
     * @param path where it is
     * @param mode its permission bits
     * @return the entry
     */
    public static Entry directory(RootfsPath path, int mode) {
      return new Entry(path, Kind.DIRECTORY, mode, 0, "", null, null);
    }

    /**
     * A symbolic link.
     *
     * @param path where it is
     * @param target what it points to
     * @return the entry
     */
    public static Entry symlink(RootfsPath path, String target) {
      return new Entry(path, Kind.SYMLINK, 0777, 0, target, null, null);
    }

    /**
     * Another name of a file that comes earlier.
     *
     * @param path where it is
     * @param target the path of the file
     * @return the entry
     */
    public static Entry hardLink(RootfsPath path, RootfsPath target) {
      return new Entry(path, Kind.HARD_LINK, 0644, 0, target.value(), null, null);
    }

    /**
     * A deletion.
     *
     * @param path what to delete of lower layers
     * @return the entry
     */
    public static Entry whiteout(RootfsPath path) {
      return new Entry(path, Kind.WHITEOUT, 0, 0, "", null, null);
    }

    /**
     * The same entry elsewhere.
     *
     * @param path the other path
     * @return a copy
     */
    public Entry at(RootfsPath path) {
      return new Entry(path, kind, mode, size, target, content, stamp);
    }
  }
}
