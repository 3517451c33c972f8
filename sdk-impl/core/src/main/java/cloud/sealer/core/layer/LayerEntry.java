package cloud.sealer.core.layer;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;

/**
 * One entry of a layer that is read.
 *
 * @param path where it is; the root only for a directory
 * @param kind what it is
 * @param mode its permission bits with set-uid, set-gid and sticky
 * @param size the length of a file; else 0
 * @param target what a symbolic link points to as it stands, or the normalised path a hard link
 *     names; else empty
 * @param uid the number of its owner
 * @param gid the number of its group
 * @param time when it was last changed, in milliseconds since 1970
 */
public record LayerEntry(
    RootfsPath path, Kind kind, int mode, long size, String target, long uid, long gid, long time) {
  /** What an entry is. */
  public enum Kind {
    /** A regular file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    SYMLINK,
    /** Another name of a file. */
    HARD_LINK,
    /** Deletes what lower layers have at the path. */
    WHITEOUT,
    /** Deletes what lower layers have in the directory at the path. */
    OPAQUE,
    /** A device, a pipe, or something unknown. */
    SPECIAL
  }

  /** What a layer has for an entry that is copied: with owner 0:0, without time. */
  static LayerEntry of(FileTree.Entry entry) {
    Kind kind =
        switch (entry.kind()) {
          case FILE -> Kind.FILE;
          case DIRECTORY -> Kind.DIRECTORY;
          case SYMLINK -> Kind.SYMLINK;
          case HARD_LINK -> Kind.HARD_LINK;
          case WHITEOUT, OPAQUE_DIRECTORY ->
              throw new IllegalArgumentException("nothing is copied as a deletion: " + entry);
        };
    return new LayerEntry(entry.path(), kind, entry.mode(), entry.size(), entry.target(), 0, 0, 0);
  }
}
