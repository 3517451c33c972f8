package cloud.sealer.core.run;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The attributes of all files of a rootfs at one time; two of them tell what a command changed. */
final class RootfsSnapshot {
  /** Longer than the kernel's clock for file times stands still (10 ms at most, with HZ=100). */
  private static final Duration CLOCK_TICK = Duration.ofMillis(25);

  private final Path rootfs;
  private final Map<RootfsPath, UnixFile> files = new TreeMap<>();
  private Instant newest = Instant.MIN;

  private RootfsSnapshot(Path rootfs) {
    this.rootfs = rootfs;
  }

  static RootfsSnapshot of(Path rootfs) throws IOException {
    RootfsSnapshot snapshot = new RootfsSnapshot(rootfs);
    snapshot.read(rootfs, RootfsPath.ROOT, false);
    return snapshot;
  }

  /**
   * A snapshot to compare with later. Returns so late that any change after it gets a time of its
   * own: a file written twice within one tick of the clock could keep its attributes.
   */
  static RootfsSnapshot ofSettled(Path rootfs) throws IOException {
    RootfsSnapshot snapshot = new RootfsSnapshot(rootfs);
    snapshot.read(rootfs, RootfsPath.ROOT, true);
    Duration age = Duration.between(snapshot.newest, Instant.now());
    if (age.compareTo(CLOCK_TICK) < 0 && !snapshot.files.isEmpty()) {
      try {
        Thread.sleep(CLOCK_TICK.toMillis());
      } catch (InterruptedException e) {
        throw SealerException.cancelled("reading the rootfs before RUN");
      }
    }
    return snapshot;
  }

  private void read(Path directory, RootfsPath at, boolean settle) throws IOException {
    for (Path child : ChangeList.children(directory)) {
      RootfsPath path = at.resolve(child.getFileName().toString());
      UnixFile file = UnixFile.of(child);
      if (file.isDirectory() && settle) {
        // Made accessible now, so that doing it later does not look like a change by the command.
        TreeRemoval.open(child);
        file = UnixFile.of(child);
      }
      files.put(path, file);
      if (file.changed().toInstant().isAfter(newest)) {
        newest = file.changed().toInstant();
      }
      if (file.isDirectory()) {
        read(child, path, settle);
      }
    }
  }

  /** What has to be done to this state to come to the other. */
  List<FileTree.Entry> changesUntil(RootfsSnapshot after, Task task) throws IOException {
    ChangeList changes = new ChangeList(task);
    for (Map.Entry<RootfsPath, UnixFile> entry : after.files.entrySet()) {
      RootfsPath path = entry.getKey();
      UnixFile file = entry.getValue();
      UnixFile old = files.get(path);
      if (old == null || file.differsFrom(old)) {
        if (file.type().isSpecial()) {
          changes.leaveOut(path, file);
          addWhiteout(changes, after, path, old);
        } else {
          changes.add(path, after.file(path), file);
          addParents(changes, after, path);
        }
      }
    }
    files.forEach(
        (path, old) -> {
          if (!after.files.containsKey(path) && after.isDirectory(path.parent())) {
            addWhiteout(changes, after, path, old);
          }
        });
    return changes.entries();
  }

  private static void addWhiteout(
      ChangeList changes, RootfsSnapshot after, RootfsPath path, @Nullable UnixFile old) {
    if (old != null && !old.type().isSpecial()) {
      changes.addWhiteout(path, after.file(path), old);
      addParents(changes, after, path);
    }
  }

  private static void addParents(ChangeList changes, RootfsSnapshot after, RootfsPath path) {
    RootfsPath parent = path.parent();
    while (!parent.isRoot() && !changes.contains(parent)) {
      changes.add(parent, after.file(parent), after.attributes(parent));
      parent = parent.parent();
    }
  }

  private boolean isDirectory(RootfsPath path) {
    UnixFile file = files.get(path);
    return path.isRoot() || (file != null && file.isDirectory());
  }

  private UnixFile attributes(RootfsPath path) {
    UnixFile file = files.get(path);
    if (file == null) {
      throw new IllegalStateException("no parent directory " + path);
    }
    return file;
  }

  private Path file(RootfsPath path) {
    return rootfs.resolve(path.value());
  }
}
