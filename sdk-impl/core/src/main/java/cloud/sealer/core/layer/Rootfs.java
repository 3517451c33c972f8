package cloud.sealer.core.layer;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory that layers are unpacked into, seen as if it were the root of a file system: a
 * symbolic link in it leads to where it would lead there, never out of it. Assumes that nobody else
 * changes it meanwhile.
 */
final class Rootfs {
  private static final int MAX_LINKS = 40;
  private static final int OWNER_ALL = 0700;

  private final Path root;
  private final Set<Path> ofLayer = new HashSet<>();
  private final Map<Path, Integer> reopened = new HashMap<>();
  private @Nullable RootfsPath lastDirectory;
  private Path lastResolved;

  Rootfs(Path root) throws IOException {
    this.root = root.toRealPath();
    this.lastResolved = this.root;
  }

  /**
   * Where an entry goes; makes the directories above it. Its last name is not followed if it is a
   * link.
   */
  Path place(RootfsPath path) throws IOException {
    Path directory;
    RootfsPath parent = path.parent();
    if (parent.equals(lastDirectory)) {
      directory = lastResolved;
    } else {
      Path made = resolve(parent, true);
      if (made == null) {
        throw new IllegalStateException("a directory that is made exists: " + parent);
      }
      directory = made;
      reopen(directory);
      markOfLayer(directory);
      lastDirectory = parent;
      lastResolved = directory;
    }
    return directory.resolve(path.name());
  }

  /** Where an entry is, or would be in its directory; null if the directory does not exist. */
  @Nullable Path find(RootfsPath path) throws IOException {
    Path directory = resolve(path.parent(), false);
    return directory == null ? null : directory.resolve(path.name());
  }

  private @Nullable Path resolve(RootfsPath path, boolean create) throws IOException {
    Deque<String> names = new ArrayDeque<>(Arrays.asList(path.value().split("/")));
    Path at = root;
    int links = 0;
    while (!names.isEmpty()) {
      String name = names.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        Path parent = at.getParent();
        at = at.equals(root) || parent == null ? root : parent;
        continue;
      }
      Path next = at.resolve(name);
      BasicFileAttributes attributes = attributes(next);
      if (attributes != null && attributes.isSymbolicLink()) {
        if (++links > MAX_LINKS) {
          throw refused(path, "there are too many symbolic links on the way");
        }
        at = follow(next, names) ? root : at;
      } else if (attributes != null && attributes.isDirectory()) {
        at = next;
      } else if (!create) {
        return null;
      } else if (attributes != null) {
        throw refused(path, root.relativize(next) + " is not a directory");
      } else {
        reopen(at);
        at = Files.createDirectory(next);
      }
    }
    return at;
  }

  /** Puts the names of a link's target before the others; true if it starts at the root. */
  private static boolean follow(Path link, Deque<String> names) throws IOException {
    String target = Files.readSymbolicLink(link).toString();
    List<String> further = new ArrayList<>(Arrays.asList(target.split("/")));
    Collections.reverse(further);
    further.forEach(names::push);
    return target.startsWith("/");
  }

  static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  static SealerException refused(RootfsPath path, String reason) {
    return SealerException.builder(
            ErrorCode.IMAGE_UNSUPPORTED, "cannot unpack " + path + ": " + reason)
        .remedy("the layers of the image do not fit together; build it again")
        .build();
  }

  /** Lets the owner of a directory write into it until the layer is done. */
  private void reopen(Path directory) throws IOException {
    if (!Files.isWritable(directory) || !Files.isExecutable(directory)) {
      int mode = mode(directory);
      reopened.putIfAbsent(directory, mode);
      setMode(directory, mode | OWNER_ALL);
    }
  }

  private static int mode(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) & 07777;
  }

  /** Sets the mode of what is not a link, with set-uid, set-gid and sticky bits. */
  static void setMode(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  /** Remembers what a layer made or entered, which its deletions do not concern. */
  void markOfLayer(Path path) {
    for (Path at = path; at != null && !at.equals(root) && ofLayer.add(at); ) {
      at = at.getParent();
    }
  }

  /** Deletes whatever is at a path. */
  void remove(Path path) throws IOException {
    lastDirectory = null;
    TreeRemoval.remove(path);
    reopened.keySet().removeIf(reopen -> reopen.startsWith(path));
  }

  /** Forgets what was resolved, as a new link may lead elsewhere. */
  void linkMade() {
    lastDirectory = null;
  }

  /** Deletes what lower layers have at a path and below it. */
  void removeLower(Path path) throws IOException {
    BasicFileAttributes attributes = attributes(path);
    if (attributes == null) {
      return;
    }
    if (!ofLayer.contains(path) && !path.equals(root)) {
      Path parent = path.getParent();
      if (parent != null) {
        reopen(parent);
      }
      remove(path);
    } else if (attributes.isDirectory()) {
      removeLowerIn(path);
    }
  }

  /** Deletes what lower layers have in a directory. */
  void removeLowerIn(Path directory) throws IOException {
    BasicFileAttributes attributes = attributes(directory);
    if (attributes == null || !attributes.isDirectory()) {
      return;
    }
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      children.forEach(all::add);
    }
    for (Path child : all) {
      removeLower(child);
    }
  }

  /** Ends a layer: closes again what was opened to be written to, the deepest first. */
  void endLayer() throws IOException {
    List<Path> deepestFirst = new ArrayList<>(reopened.keySet());
    deepestFirst.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    for (Path directory : deepestFirst) {
      setMode(directory, reopened.getOrDefault(directory, OWNER_ALL));
    }
    reopened.clear();
    ofLayer.clear();
    lastDirectory = null;
  }

  /** The mode that a directory gets at the end of the layer, where it is a new one. */
  void endMode(Path directory, int mode) {
    reopened.put(directory, mode);
  }
}
