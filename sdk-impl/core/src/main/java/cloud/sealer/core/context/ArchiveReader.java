package cloud.sealer.core.context;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree.Content;
import cloud.sealer.sdk.spi.FileTree.Entry;
import cloud.sealer.sdk.spi.FileTree.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Reads tar and zip archives into values and a {@link Spool}. Entries that would lie outside the
 * archive's root are refused by name: absolute ones, those with {@code ..}, those below a link, and
 * hard links to such.
 */
final class ArchiveReader {
  /** The longest path Linux takes. */
  private static final int MAX_PATH = 4096;

  private final TreeContents contents;
  private final Spool spool;

  ArchiveReader(TreeContents contents, Spool spool) {
    this.contents = contents;
    this.spool = spool;
  }

  void readTar(InputStream stream) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(stream, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        RootfsPath path = path(entry.getName());
        if (!path.isRoot()) {
          addTar(tar, entry, path);
        }
      }
      // what follows the end mark is padding, but reading it checks the compressed stream to its
      // end
      stream.transferTo(OutputStream.nullOutputStream());
    }
    finish();
  }

  private void addTar(TarArchiveInputStream tar, TarArchiveEntry entry, RootfsPath path)
      throws IOException {
    int mode = entry.getMode() & 07777;
    if (entry.isDirectory()) {
      contents.add(Entry.directory(path, mode));
    } else if (entry.isSymbolicLink()) {
      contents.add(Entry.symlink(path, target(path, entry.getLinkName())));
    } else if (entry.isLink()) {
      addHardLink(path, entry.getLinkName());
    } else if (entry.isFIFO() || entry.isCharacterDevice() || entry.isBlockDevice()) {
      contents.addUnusable(path, "is a pipe or device");
    } else if (!tar.canReadEntryData(entry)) {
      throw contents.invalid("\"" + path + "\" is stored in a way that cannot be read");
    } else {
      addFile(path, mode, tar, entry.getRealSize());
    }
  }

  void readZip(Path file) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
        RootfsPath path = path(entry.getName());
        if (!path.isRoot()) {
          addZip(zip, entry, path);
        }
      }
    }
    finish();
  }

  private void addZip(ZipFile zip, ZipArchiveEntry entry, RootfsPath path) throws IOException {
    int mode = entry.getUnixMode() & 07777;
    boolean directory = entry.isDirectory();
    if (directory) {
      contents.add(Entry.directory(path, mode == 0 ? 0755 : mode));
      return;
    }
    if (!zip.canReadEntryData(entry)) {
      throw contents.invalid(
          "\"" + path + "\" is encrypted, or compressed in a way that cannot be read");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      if (entry.isUnixSymlink()) {
        String target = new String(in.readNBytes(MAX_PATH + 1), StandardCharsets.UTF_8);
        contents.add(Entry.symlink(path, target(path, target)));
      } else {
        addFile(path, mode == 0 ? 0644 : mode, in, entry.getSize());
      }
    }
  }

  private void addFile(RootfsPath path, int mode, InputStream in, long size) throws IOException {
    Spool.Slice slice = spool.add(in, size);
    if (slice.size() < size) {
      throw new IOException("\"" + path + "\" ends early");
    }
    contents.add(Entry.file(path, mode, slice.size(), slice));
  }

  private void addHardLink(RootfsPath path, String name) {
    RootfsPath target;
    try {
      target = path(name);
    } catch (SealerException e) {
      throw contents.escapes("the hard link \"" + path + "\" leads outside, to \"" + name + "\"");
    }
    Entry file = contents.entries().get(target);
    if (file == null || file.kind() == Kind.DIRECTORY) {
      throw contents.invalid(
          "the hard link \"" + path + "\" names \"" + name + "\", which is no earlier file");
    }
    contents.add(file.at(path));
  }

  private RootfsPath path(String name) {
    if (name.startsWith("/")) {
      throw contents.escapes("the entry \"" + name + "\" has an absolute path");
    }
    if (name.length() > MAX_PATH) {
      throw contents.invalid("an entry has a name of " + name.length() + " characters");
    }
    if (List.of(name.split("/")).contains("..")) {
      throw contents.escapes("the entry \"" + name + "\" has a \"..\"");
    }
    try {
      return RootfsPath.of(name);
    } catch (IllegalArgumentException e) {
      throw contents.invalid(e.getMessage() == null ? "bad entry name" : e.getMessage());
    }
  }

  private String target(RootfsPath path, String target) {
    if (target.isEmpty() || target.length() > MAX_PATH) {
      throw contents.invalid("the link \"" + path + "\" has no usable target");
    }
    return target;
  }

  /**
   * Files with the same content object are names of one file: all but the first become hard links.
   */
  private void finish() throws IOException {
    spool.finish();
    IdentityHashMap<Content, RootfsPath> first = new IdentityHashMap<>();
    for (Entry entry : List.copyOf(contents.entries().values())) {
      Content content = entry.content();
      if (content != null) {
        RootfsPath earlier = first.putIfAbsent(content, entry.path());
        if (earlier != null) {
          contents.add(Entry.hardLink(entry.path(), earlier));
        }
      }
    }
  }
}
