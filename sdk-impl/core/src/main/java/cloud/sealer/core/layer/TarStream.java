package cloud.sealer.core.layer;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Writes entries of a file tree as a tar, in the form layers have. */
final class TarStream {
  static final String WHITEOUT = ".wh.";
  static final String OPAQUE = ".wh..wh..opq";

  private final LayerPipeline out;
  private final long time;
  private final LongConsumer progress;

  /**
   * A tar that begins.
   *
   * @param out where it goes
   * @param time the time of all entries, in seconds since 1970
   * @param progress hears of each further bytes of files
   */
  TarStream(LayerPipeline out, long time, LongConsumer progress) {
    this.out = out;
    this.time = time;
    this.progress = progress;
  }

  void add(FileTree.Entry entry) {
    String path = entry.path().value();
    if (path.startsWith(WHITEOUT) || path.contains("/" + WHITEOUT)) {
      throw invalid(entry, "names that begin with " + WHITEOUT + " mean deletions in a layer", null)
          .remedy("rename the file, or keep it out of the build context by an ignore file")
          .build();
    }
    switch (entry.kind()) {
      case FILE -> file(entry);
      case DIRECTORY -> directory(entry);
      case SYMLINK -> header(TarHeader.SYMLINK, path, entry.target(), 0777, 0);
      case HARD_LINK ->
          header(TarHeader.HARD_LINK, path, RootfsPath.of(entry.target()).value(), entry.mode(), 0);
      case WHITEOUT -> {
        RootfsPath mark = entry.path().parent().resolve(WHITEOUT + entry.path().name());
        header(TarHeader.FILE, mark.value(), "", 0, 0);
      }
      case OPAQUE_DIRECTORY -> {
        directory(entry);
        header(TarHeader.FILE, path + "/" + OPAQUE, "", 0, 0);
      }
    }
  }

  void end() {
    out.write(new byte[TarHeader.TRAILER]);
  }

  private void directory(FileTree.Entry entry) {
    header(TarHeader.DIRECTORY, entry.path().value() + "/", "", entry.mode(), 0);
  }

  private void header(char type, String name, String link, int mode, long size) {
    out.write(TarHeader.of(type, name, link, mode, size, time));
  }

  private void file(FileTree.Entry entry) {
    FileTree.Content content = entry.content();
    if (content == null) {
      throw new IllegalArgumentException("a file has content: " + entry.path());
    }
    header(TarHeader.FILE, entry.path().value(), "", entry.mode(), entry.size());
    try (InputStream in = content.open()) {
      for (long rest = entry.size(); rest > 0; ) {
        Chunk chunk = out.room();
        int count = in.read(chunk.bytes, chunk.length(), (int) Math.min(rest, chunk.room()));
        if (count < 0) {
          throw changed(entry, "only " + (entry.size() - rest) + " are left");
        }
        out.written(chunk, count);
        progress.accept(count);
        rest -= count;
      }
      if (in.read() >= 0) {
        throw changed(entry, "it is longer now");
      }
    } catch (ClosedByInterruptException e) {
      throw SealerException.cancelled("reading " + entry.path());
    } catch (IOException e) {
      throw invalid(entry, reason(e), e)
          .remedy("check that the file is there and readable, then build again")
          .build();
    }
    out.write(new byte[TarHeader.padding(entry.size())]);
  }

  private static SealerException changed(FileTree.Entry entry, String how) {
    return invalid(
            entry, "it had " + entry.size() + " bytes when the build began, and " + how, null)
        .remedy("let nothing write to the build context during a build, then build again")
        .build();
  }

  private static SealerException.Builder invalid(
      FileTree.Entry entry, String reason, @Nullable Exception cause) {
    return SealerException.builder(
            ErrorCode.INVALID_CONTEXT, "cannot put " + entry.path() + " into a layer: " + reason)
        .detail("path", entry.path())
        .cause(cause);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it is gone";
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    return String.valueOf(e.getMessage());
  }
}
