package cloud.sealer.core.layer;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a tar from anywhere: names that leave the root and oversized headers are refused.
 */
final class TarEntries {
  private static final int MAX_HEADER = 1024 * 1024;
  private static final int MAX_NAME = 4096;

  private final String layer;
  private final Limited limited;
  private final TarArchiveInputStream tar;

  /**
   * The entries of a tar.
   *
   * @param layer what to call it in errors
   * @param in its bytes
   */
  TarEntries(String layer, InputStream in) {
    this.layer = layer;
    this.limited = new Limited(in);
    this.tar = new TarArchiveInputStream(limited, StandardCharsets.UTF_8.name());
  }

  /**
   * Fails a read beyond a limit. The reader of tar headers collects whatever length they claim to
   * have.
   */
  private static final class Limited extends FilterInputStream {
    private long left = Long.MAX_VALUE;

    Limited(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length > 0 && left <= 0) {
        throw new IOException("the header of an entry is larger than " + MAX_HEADER + " bytes");
      }
      int n = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(n, 0);
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }

  /** The next entry; null at the end. */
  @Nullable LayerEntry next() throws IOException {
    while (true) {
      TarArchiveEntry entry = nextHeader();
      if (entry == null) {
        return null;
      }
      LayerEntry converted = convert(entry);
      if (converted != null) {
        return converted;
      }
    }
  }

  /** The content of the entry that was returned last. */
  InputStream content() {
    return tar;
  }

  private @Nullable TarArchiveEntry nextHeader() throws IOException {
    if (tar.getCurrentEntry() != null) {
      tar.transferTo(OutputStream.nullOutputStream());
    }
    limited.left = MAX_HEADER;
    try {
      return tar.getNextEntry();
    } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
      throw new IOException("a header is not valid: " + e.getMessage(), e);
    } finally {
      limited.left = Long.MAX_VALUE;
    }
  }

  private @Nullable LayerEntry convert(TarArchiveEntry entry) throws IOException {
    RootfsPath path = path(entry.getName(), "entry");
    if (entry.isSparse()) {
      throw new IOException(
          "the file " + path + " is stored as a sparse file, which layers never are");
    }
    String name = path.name();
    if (name.equals(TarStream.OPAQUE)) {
      return entry(entry, path.parent(), LayerEntry.Kind.OPAQUE, "");
    }
    if (name.startsWith(TarStream.WHITEOUT + TarStream.WHITEOUT)) {
      return null; // book-keeping of aufs
    }
    if (name.startsWith(TarStream.WHITEOUT)) {
      String deleted = name.substring(TarStream.WHITEOUT.length());
      if (deleted.isEmpty() || deleted.equals(".") || deleted.equals("..")) {
        throw escapes("the whiteout " + path + " deletes nothing below its directory");
      }
      return entry(entry, path.parent().resolve(deleted), LayerEntry.Kind.WHITEOUT, "");
    }
    return plain(entry, path);
  }

  private LayerEntry plain(TarArchiveEntry entry, RootfsPath path) throws IOException {
    if (entry.isLink()) {
      RootfsPath target = path(entry.getLinkName(), "hard link target");
      return entry(entry, path, LayerEntry.Kind.HARD_LINK, target.value());
    }
    if (entry.isSymbolicLink()) {
      checkLength(entry.getLinkName());
      if (entry.getLinkName().isEmpty() || entry.getLinkName().indexOf('\0') >= 0) {
        throw new IOException("the symbolic link " + path + " has no usable target");
      }
      return entry(entry, path, LayerEntry.Kind.SYMLINK, entry.getLinkName());
    }
    if (entry.isDirectory()) {
      return entry(entry, path, LayerEntry.Kind.DIRECTORY, "");
    }
    return switch (entry.getLinkFlag()) {
      case TarConstants.LF_NORMAL, TarConstants.LF_OLDNORM, TarConstants.LF_CONTIG ->
          entry(entry, path, LayerEntry.Kind.FILE, "");
      default -> entry(entry, path, LayerEntry.Kind.SPECIAL, "");
    };
  }

  private LayerEntry entry(
      TarArchiveEntry entry, RootfsPath path, LayerEntry.Kind kind, String target)
      throws IOException {
    boolean directory = kind == LayerEntry.Kind.DIRECTORY || kind == LayerEntry.Kind.OPAQUE;
    if (path.isRoot() && !directory) {
      throw new IOException("the root is not a directory");
    }
    return new LayerEntry(
        path,
        kind,
        entry.getMode() & 07777,
        kind == LayerEntry.Kind.FILE ? entry.getSize() : 0,
        target,
        entry.getLongUserId(),
        entry.getLongGroupId(),
        entry.getLastModifiedTime().toMillis());
  }

  private RootfsPath path(String name, String what) throws IOException {
    checkLength(name);
    if (name.startsWith("/")) {
      throw escapes("the " + what + " \"" + name + "\" is absolute");
    }
    try {
      return RootfsPath.of(name);
    } catch (IllegalArgumentException e) {
      throw escapes("the " + what + " \"" + name.replace('\0', '?') + "\" leaves the root");
    }
  }

  private static void checkLength(String name) throws IOException {
    if (name.length() > MAX_NAME) {
      throw new IOException(
          "a name of "
              + name.length()
              + " characters is longer than "
              + MAX_NAME
              + ": \""
              + name.substring(0, 60)
              + "...\"");
    }
  }

  private SealerException escapes(String reason) {
    return SealerException.builder(ErrorCode.PATH_ESCAPES, layer + " is refused: " + reason)
        .remedy("do not use this image, or have it built again by a tool you trust")
        .build();
  }
}
