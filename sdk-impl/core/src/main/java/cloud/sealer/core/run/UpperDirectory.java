package cloud.sealer.core.run;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the upper directory of an overlay as changes.
 *
 * <p>The kernel is generous with its marks: a directory is copied up as soon as something in it was
 * touched, and new directories may be marked opaque although there is nothing to hide. Marks that
 * say nothing against the rootfs below are dropped, so that a command without effect has no
 * entries.
 */
final class UpperDirectory {
  private static final String OPAQUE = "overlay.opaque";

  private final Path upper;
  private final Path rootfs;
  private final ChangeList changes;

  UpperDirectory(Path upper, Path rootfs, Task task) {
    this.upper = upper;
    this.rootfs = rootfs;
    this.changes = new ChangeList(task);
  }

  List<FileTree.Entry> entries() throws IOException {
    visitChildren(upper, RootfsPath.ROOT, true);
    return changes.entries();
  }

  /**
   * Visits what is in a directory.
   *
   * @param merged whether the directory of that path in the rootfs shows through
   */
  private void visitChildren(Path directory, RootfsPath at, boolean merged) throws IOException {
    for (Path child : ChangeList.children(directory)) {
      RootfsPath path = at.resolve(child.getFileName().toString());
      UnixFile below = merged ? UnixFile.ifPresent(rootfs.resolve(path.value())) : null;
      visit(child, path, below);
    }
  }

  private void visit(Path file, RootfsPath path, @Nullable UnixFile below) throws IOException {
    UnixFile attributes = UnixFile.of(file);
    if (attributes.isDirectory()) {
      visitDirectory(file, path, attributes, below);
    } else if (attributes.type().isSpecial()) {
      if (!attributes.isWhiteout()) {
        changes.leaveOut(path, attributes);
      }
      if (below != null) {
        changes.addWhiteout(path, file, attributes);
      }
    } else {
      changes.add(path, file, attributes);
    }
  }

  private void visitDirectory(
      Path file, RootfsPath path, UnixFile attributes, @Nullable UnixFile below)
      throws IOException {
    boolean both = below != null && below.isDirectory();
    TreeRemoval.open(file);
    if (both && isOpaque(file)) {
      changes.addOpaque(path, file, attributes);
      visitChildren(file, path, false);
      return;
    }
    changes.add(path, file, attributes);
    int size = changes.size();
    visitChildren(file, path, both);
    if (below != null && !attributes.differsFrom(below) && changes.size() == size) {
      changes.remove(path);
    }
  }

  private static boolean isOpaque(Path directory) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            directory, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (view == null || !view.list().contains(OPAQUE)) {
      return false;
    }
    ByteBuffer value = ByteBuffer.allocate(view.size(OPAQUE));
    view.read(OPAQUE, value);
    return StandardCharsets.US_ASCII.decode(value.flip()).toString().equals("y");
  }
}
