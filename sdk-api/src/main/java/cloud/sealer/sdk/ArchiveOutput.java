package cloud.sealer.sdk;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where {@link Images#save(String, ArchiveOutput, EventListener)} writes an archive: one file, or
 * parts for media that are smaller than the image.
 *
 * <p>Parts lie in a directory of their own: {@code part-00001}, {@code part-00002} and so on, and
 * {@code parts.json}, which lists them with their sizes and digests. Put together in this order
 * ({@code cat part-*}) they are the archive.
 *
 * @param path the file, or the directory of the parts
 * @param partSize the most bytes of one part; 0 for one file
 */
public record ArchiveOutput(Path path, long partSize) {
  /** Checks the parts. */
  public ArchiveOutput {
    Objects.requireNonNull(path, "path");
    if (partSize < 0) {
      throw new IllegalArgumentException("the size of parts must not be negative: " + partSize);
    }
  }

  /**
   * One file.
   *
   * @param file the file to make; an existing file is replaced
   * @return the output
   */
  public static ArchiveOutput file(Path file) {
    return new ArchiveOutput(file, 0);
  }

  /**
   * Parts in a directory.
   *
   * @param directory the directory to make; it must not exist, or be empty
   * @param partSize the most bytes of one part, at least 1
   * @return the output
   */
  public static ArchiveOutput parts(Path directory, long partSize) {
    if (partSize < 1) {
      throw new IllegalArgumentException("a part has at least one byte, got " + partSize);
    }
    return new ArchiveOutput(directory, partSize);
  }
}
