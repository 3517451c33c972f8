package cloud.sealer.core.host;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * A file tree as a tar, made while it is read. Owned by root, in the dialect that GNU tar and
 * busybox share. What leaves the directory, also by a link of the tree itself, is refused.
 */
final class TreeArchive implements FileTree.Content {
  private static final int BLOCK = 512;

  private final FileTree tree;
  private final LongConsumer progress;

  TreeArchive(FileTree tree, LongConsumer progress) {
    this.tree = tree;
    this.progress = progress;
    Set<RootfsPath> links = new HashSet<>();
    for (FileTree.Entry entry : tree.entries()) {
      check(entry, links);
      if (entry.kind() == FileTree.Kind.SYMLINK) {
        links.add(entry.path());
      }
    }
  }

  private static void check(FileTree.Entry entry, Set<RootfsPath> links) {
    if (entry.kind() == FileTree.Kind.WHITEOUT || entry.kind() == FileTree.Kind.OPAQUE_DIRECTORY) {
      throw new IllegalArgumentException("a deletion is no file for a host: " + entry.path());
    }
    for (RootfsPath each = entry.path().parent(); !each.isRoot(); each = each.parent()) {
      if (links.contains(each)) {
        throw SealerException.builder(
                ErrorCode.PATH_ESCAPES,
                "the file " + entry.path() + " would be written through the link " + each)
            .remedy("remove the link or the file from the tree")
            .build();
      }
    }
  }

  @Override
  @SuppressWarnings("JdkObsolete") // SequenceInputStream knows only Enumeration
  public InputStream open() {
    Iterator<FileTree.Entry> entries = tree.entries().iterator();
    Deque<InputStream> parts = new ArrayDeque<>();
    return new SequenceInputStream(
        new Enumeration<>() {
          private boolean ended;

          @Override
          public boolean hasMoreElements() {
            return !ended || !parts.isEmpty();
          }

          @Override
          public InputStream nextElement() {
            if (parts.isEmpty() && entries.hasNext()) {
              add(entries.next(), parts);
            } else if (parts.isEmpty()) {
              ended = true;
              parts.add(new ByteArrayInputStream(new byte[2 * BLOCK]));
            }
            return parts.remove();
          }
        });
  }

  private void add(FileTree.Entry entry, Deque<InputStream> parts) {
    parts.add(new ByteArrayInputStream(header(entry)));
    FileTree.Content content = entry.content();
    if (content != null) {
      parts.add(new Measured(entry, content, progress));
      int rest = (int) (entry.size() % BLOCK);
      parts.add(new ByteArrayInputStream(new byte[rest == 0 ? 0 : BLOCK - rest]));
    }
  }

  private static byte[] header(FileTree.Entry entry) {
    String path = entry.path().value();
    TarArchiveEntry header =
        switch (entry.kind()) {
          case FILE -> new TarArchiveEntry(path);
          case SYMLINK -> link(path, TarConstants.LF_SYMLINK, entry.target());
          case HARD_LINK -> link(path, TarConstants.LF_LINK, entry.target());
          case DIRECTORY, WHITEOUT, OPAQUE_DIRECTORY -> new TarArchiveEntry(path + "/");
        };
    header.setMode(entry.mode());
    header.setSize(entry.kind() == FileTree.Kind.FILE ? entry.size() : 0);
    header.setIds(0, 0);
    header.setNames("root", "root");
    header.setModTime(0);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      // Never closed, which would want the bytes of the file.
      TarArchiveOutputStream tar =
          new TarArchiveOutputStream(bytes, BLOCK, StandardCharsets.UTF_8.name());
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      tar.putArchiveEntry(header);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static TarArchiveEntry link(String path, byte type, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(path, type);
    entry.setLinkName(target);
    return entry;
  }

  /** The bytes of a file, opened when they are wanted; as many as its header says, or a failure. */
  private static final class Measured extends InputStream {
    private final FileTree.Entry entry;
    private final FileTree.Content content;
    private final LongConsumer progress;
    private @Nullable InputStream in;
    private long left;

    Measured(FileTree.Entry entry, FileTree.Content content, LongConsumer progress) {
      this.entry = entry;
      this.content = content;
      this.progress = progress;
      this.left = entry.size();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (in == null) {
        in = content.open();
      }
      int n = in.read(bytes, offset, length);
      left -= Math.max(n, 0);
      if (left < 0 || (n < 0 && left > 0)) {
        throw new IOException(
            entry.path() + " had " + entry.size() + " bytes and has another length now");
      }
      progress.accept(Math.max(n, 0));
      return n;
    }

    @Override
    public void close() throws IOException {
      if (in != null) {
        in.close();
      }
    }
  }
}
