package cloud.sealer.core.store;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Compares what is to be written with what a disk has left. */
public final class FreeSpace {
  private FreeSpace() {}

  /**
   * Refuses to begin what cannot end.
   *
   * @param directory where is written; need not exist yet
   * @param bytes how much
   * @param remedy what else to do than to free space there
   * @throws SealerException with {@link ErrorCode#STORE_IO} if the disk has less
   */
  public static void require(Path directory, long bytes, String remedy) {
    OptionalLong free = of(directory);
    if (free.isEmpty() || bytes <= free.getAsLong()) {
      return;
    }
    long missing = bytes - free.getAsLong();
    throw SealerException.builder(
            ErrorCode.STORE_IO,
            "no space left for "
                + bytes
                + " bytes in "
                + directory
                + ": its disk has "
                + free.getAsLong()
                + " bytes free, so "
                + missing
                + " are missing; nothing of it was written")
        .remedy("free space on that disk, " + remedy)
        .detail("path", directory)
        .detail("missing", missing)
        .build();
  }

  /** Empty if the file system does not tell, as some of them on a network do not. */
  private static OptionalLong of(Path directory) {
    Path existing = existing(directory);
    if (existing == null) {
      return OptionalLong.empty();
    }
    try {
      FileStore disk = Files.getFileStore(existing);
      if (disk.getTotalSpace() <= 0) {
        return OptionalLong.empty();
      }
      return OptionalLong.of(
          isOfRoot(existing) ? disk.getUnallocatedSpace() : disk.getUsableSpace());
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /** Who writes in a directory of root is root, for whom nothing of the disk is reserved. */
  private static boolean isOfRoot(Path directory) throws IOException {
    try {
      return Files.getAttribute(directory, "unix:uid").equals(0);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return false; // not on Unix
    }
  }

  private static @Nullable Path existing(Path directory) {
    Path existing = directory.toAbsolutePath();
    while (existing != null && !Files.isDirectory(existing)) {
      existing = existing.getParent();
    }
    return existing;
  }
}
