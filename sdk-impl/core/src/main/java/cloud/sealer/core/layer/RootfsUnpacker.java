package cloud.sealer.core.layer;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks layers, lowest first, into a directory: files with modes and times, links, deletions.
 * Nothing is written outside the directory, whatever a layer says. A device or pipe is left out
 * with a notice.
 *
 * <p>A symbolic link above an entry is followed as if the directory were the root of the file
 * system, as container engines do. Not thread-safe; nobody else may change the directory meanwhile.
 */
public final class RootfsUnpacker {
  private static final int SET_ID = 06000;
  private static final OpenOption[] NEW = {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};

  private final LayerReader reader;
  private final Path directory;
  private final boolean owners;
  private final byte[] buffer = new byte[256 * 1024];
  private final Deque<LayerEntry> directories = new ArrayDeque<>();

  /**
   * An unpacker whose files belong to the current user.
   *
   * @param store the store of the layers
   * @param directory an existing directory
   */
  public RootfsUnpacker(LayerStore store, Path directory) {
    this(store, directory, false);
  }

  /**
   * An unpacker.
   *
   * @param store the store of the layers
   * @param directory an existing directory
   * @param owners whether files get the owners the layers name, for which this must run as root;
   *     else set-uid and set-gid bits of files of other owners than root are dropped, as they would
   *     mean somebody else
   */
  public RootfsUnpacker(LayerStore store, Path directory, boolean owners) {
    this.reader = new LayerReader(store);
    this.directory = directory;
    this.owners = owners;
  }

  /**
   * Applies one more layer.
   *
   * @param layer the layer
   * @param diffId the digest its uncompressed tar must have; null to accept any
   * @param task hears of progress, in bytes of the blob, and of what was left out
   * @throws SealerException as {@link LayerReader#read}, or {@link ErrorCode#STORE_IO}; the
   *     directory is then of no use any more
   */
  public void apply(Descriptor layer, @Nullable Digest diffId, Task task) {
    directories.clear();
    try {
      Rootfs rootfs = new Rootfs(directory);
      reader.read(
          layer, diffId, task::advance, (entry, content) -> unpack(rootfs, entry, content, task));
      endDirectories(rootfs);
      rootfs.endLayer();
    } catch (IOException e) {
      throw failed(directory.toString(), e);
    }
  }

  private void unpack(Rootfs rootfs, LayerEntry entry, InputStream content, Task task)
      throws LayerReader.DamagedLayerException {
    try {
      switch (entry.kind()) {
        case FILE -> file(rootfs, entry, content);
        case DIRECTORY -> directory(rootfs, entry);
        case SYMLINK -> symlink(rootfs, entry);
        case HARD_LINK -> hardLink(rootfs, entry);
        case WHITEOUT -> {
          Path lower = rootfs.find(entry.path());
          if (lower != null) {
            rootfs.removeLower(lower);
          }
        }
        case OPAQUE -> opaque(rootfs, entry);
        case SPECIAL ->
            task.notice("left out " + entry.path() + ": devices and pipes are not unpacked");
      }
    } catch (LayerReader.DamagedLayerException e) {
      throw e;
    } catch (IOException e) {
      throw failed(entry.path().value(), e);
    } catch (InvalidPathException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO,
              "cannot unpack " + entry.path() + ": this Java process cannot name such a file")
          .remedy("run it in a locale with UTF-8 file names, such as LC_ALL=C.UTF-8")
          .cause(e)
          .build();
    }
  }

  private static SealerException failed(String path, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return SealerException.cancelled("unpacking " + path);
    }
    String reason =
        e instanceof FileSystemException failed && failed.getReason() != null
            ? failed.getReason()
            : e.getClass().getSimpleName() + " " + e.getMessage();
    return SealerException.builder(ErrorCode.STORE_IO, "cannot unpack " + path + ": " + reason)
        .remedy("check free space and permissions of the directory, then try again")
        .cause(e)
        .build();
  }

  private interface Creation<T> {
    T create() throws IOException;
  }

  /** Creates what must not exist, after deleting it if it does: cheaper than looking each time. */
  private static <T> T replace(Rootfs rootfs, Path place, Creation<T> creation) throws IOException {
    try {
      return creation.create();
    } catch (FileAlreadyExistsException e) {
      rootfs.remove(place);
      return creation.create();
    }
  }

  private void file(Rootfs rootfs, LayerEntry entry, InputStream content) throws IOException {
    Path file = rootfs.place(entry.path());
    try (OutputStream out = replace(rootfs, file, () -> Files.newOutputStream(file, NEW))) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        out.write(buffer, 0, n);
      }
    }
    rootfs.markOfLayer(file);
    setOwnerAndTime(file, entry);
    Rootfs.setMode(file, allowedMode(entry));
  }

  private int allowedMode(LayerEntry entry) {
    boolean foreign = entry.uid() != 0 || entry.gid() != 0;
    return !owners && foreign ? entry.mode() & ~SET_ID : entry.mode();
  }

  private void setOwnerAndTime(Path path, LayerEntry entry) throws IOException {
    if (owners) {
      Files.setAttribute(path, "unix:uid", (int) entry.uid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", (int) entry.gid(), LinkOption.NOFOLLOW_LINKS);
    }
    if (entry.kind() != LayerEntry.Kind.SYMLINK) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(entry.time()));
    }
  }

  private void directory(Rootfs rootfs, LayerEntry entry) throws IOException {
    if (entry.path().isRoot()) {
      return; // the caller's own directory keeps its mode
    }
    Path place = rootfs.place(entry.path());
    BasicFileAttributes existing = Rootfs.attributes(place);
    if (existing == null || !existing.isDirectory()) {
      if (existing != null) {
        rootfs.remove(place);
      }
      Files.createDirectory(place);
    }
    rootfs.markOfLayer(place);
    directories.push(entry);
  }

  /**
   * Modes and times of directories come last, as a mode may forbid to write and writing changes the
   * time.
   */
  private void endDirectories(Rootfs rootfs) throws IOException {
    while (!directories.isEmpty()) {
      LayerEntry entry = directories.pop();
      Path place = rootfs.find(entry.path());
      BasicFileAttributes existing = place == null ? null : Rootfs.attributes(place);
      if (place != null && existing != null && existing.isDirectory()) {
        setOwnerAndTime(place, entry);
        rootfs.endMode(place, allowedMode(entry));
      }
    }
  }

  private void symlink(Rootfs rootfs, LayerEntry entry) throws IOException {
    Path link = rootfs.place(entry.path());
    Path target = link.getFileSystem().getPath(entry.target());
    replace(rootfs, link, () -> Files.createSymbolicLink(link, target));
    rootfs.linkMade();
    rootfs.markOfLayer(link);
    setOwnerAndTime(link, entry);
  }

  private static void hardLink(Rootfs rootfs, LayerEntry entry) throws IOException {
    RootfsPath target = RootfsPath.of(entry.target());
    Path existing = target.isRoot() ? null : rootfs.find(target);
    BasicFileAttributes attributes = existing == null ? null : Rootfs.attributes(existing);
    if (existing == null || attributes == null || attributes.isDirectory()) {
      throw Rootfs.refused(
          entry.path(), "it is a hard link to " + target + ", which is not a file");
    }
    Path link = rootfs.place(entry.path());
    if (!link.equals(existing)) {
      replace(rootfs, link, () -> Files.createLink(link, existing));
      rootfs.linkMade();
    }
    rootfs.markOfLayer(link);
  }

  private static void opaque(Rootfs rootfs, LayerEntry entry) throws IOException {
    Path place = rootfs.place(entry.path().resolve(TarStream.OPAQUE));
    Path opaque = place.getParent();
    if (opaque != null) {
      rootfs.removeLowerIn(opaque);
    }
  }
}
