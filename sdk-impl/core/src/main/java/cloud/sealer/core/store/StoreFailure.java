package cloud.sealer.core.store;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Turns what the file system says into an exception that names the path and what to do about it.
 */
public final class StoreFailure {
  private StoreFailure() {}

  /**
   * The exception for a failed operation.
   *
   * @param action what failed, such as {@code "write"}
   * @param path the file it failed on
   * @param cause what the file system says
   */
  public static SealerException of(String action, Path path, IOException cause) {
    return of(action, path.toString(), cause);
  }

  /** The same for something in the store that is not known by its path, such as a blob. */
  public static SealerException of(String action, String what, IOException cause) {
    if (cause instanceof ClosedByInterruptException) {
      return SealerException.cancelled("work on " + what);
    }
    String reason = reason(cause);
    return SealerException.builder(
            ErrorCode.STORE_IO, "cannot " + action + " " + what + ": " + reason)
        .remedy(remedy(cause, reason))
        .detail("path", what)
        .cause(cause)
        .build();
  }

  private static String reason(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (cause instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (cause instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason();
    }
    return String.valueOf(cause.getMessage());
  }

  private static String remedy(IOException cause, String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota")) {
      return "free space on that disk, prune the store, or use a store on another disk; then try again:"
          + " what was written so far is kept";
    }
    if (cause instanceof AccessDeniedException || lower.contains("read-only file system")) {
      return "let this user write there, or use a store in another directory";
    }
    return "check that disk and the directory of the store, then try again";
  }
}
