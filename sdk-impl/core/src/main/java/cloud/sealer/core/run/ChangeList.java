package cloud.sealer.core.run;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects what changed, in any order, and makes the entries of a layer of it. */
final class ChangeList {
  private final Task task;
  private final Map<RootfsPath, Change> changes = new TreeMap<>();

  private record Change(Kind kind, Path file, UnixFile attributes) {}

  ChangeList(Task task) {
    this.task = task;
  }

  int size() {
    return changes.size();
  }

  /** Adds a file, directory or symbolic link. */
  void add(RootfsPath path, Path file, UnixFile attributes) {
    Kind kind =
        switch (attributes.type()) {
          case DIRECTORY -> Kind.DIRECTORY;
          case SYMLINK -> Kind.SYMLINK;
          case FILE -> Kind.FILE;
          default -> throw new IllegalArgumentException(path + " is " + attributes.type().words);
        };
    changes.put(path, new Change(kind, file, attributes));
  }

  void addOpaque(RootfsPath path, Path file, UnixFile attributes) {
    changes.put(path, new Change(Kind.OPAQUE_DIRECTORY, file, attributes));
  }

  void addWhiteout(RootfsPath path, Path file, UnixFile attributes) {
    changes.put(path, new Change(Kind.WHITEOUT, file, attributes));
  }

  void remove(RootfsPath path) {
    changes.remove(path);
  }

  boolean contains(RootfsPath path) {
    return changes.containsKey(path);
  }

  /** Says that a file is left out because an image cannot hold it. */
  void leaveOut(RootfsPath path, UnixFile attributes) {
    task.notice(
        "RUN made "
            + attributes.type().words
            + " at "
            + path
            + ", which is left out: an image holds only files, directories and links");
  }

  /**
   * The entries by path; of several names of one file, the first is the file and the others link to
   * it.
   */
  List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>(changes.size());
    Map<Long, RootfsPath> names = new HashMap<>();
    for (Map.Entry<RootfsPath, Change> change : changes.entrySet()) {
      entries.add(entry(change.getKey(), change.getValue(), names));
    }
    return entries;
  }

  private static Entry entry(RootfsPath path, Change change, Map<Long, RootfsPath> names)
      throws IOException {
    UnixFile attributes = change.attributes();
    return switch (change.kind()) {
      case WHITEOUT -> Entry.whiteout(path);
      case DIRECTORY, OPAQUE_DIRECTORY ->
          new Entry(path, change.kind(), attributes.mode(), 0, "", null, null);
      case SYMLINK -> Entry.symlink(path, Files.readSymbolicLink(change.file()).toString());
      case FILE, HARD_LINK -> {
        RootfsPath first =
            attributes.links() > 1 ? names.putIfAbsent(attributes.inode(), path) : null;
        yield first == null
            ? file(path, change.file(), attributes)
            : new Entry(path, Kind.HARD_LINK, attributes.mode(), 0, first.value(), null, null);
      }
    };
  }

  private static Entry file(RootfsPath path, Path file, UnixFile attributes) throws IOException {
    if (!Files.isReadable(file)) {
      // A mode like 0200 is the command's right; its owner can still read the bytes.
      Set<PosixFilePermission> modes = EnumSet.of(PosixFilePermission.OWNER_READ);
      modes.addAll(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
      Files.setPosixFilePermissions(file, modes);
    }
    return new Entry(
        path,
        Kind.FILE,
        attributes.mode(),
        attributes.size(),
        "",
        () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS),
        attributes.stamp());
  }

  /** The children of a directory, made accessible to its owner. */
  static List<Path> children(Path directory) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled("reading what RUN changed");
    }
    TreeRemoval.open(directory);
    try (var stream = Files.newDirectoryStream(directory)) {
      List<Path> children = new ArrayList<>();
      stream.forEach(children::add);
      return children;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
