package cloud.sealer.core.archive;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.utils.MultiReadOnlySeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * An archive that is there: one file, or the parts that {@link PartsOutput} made. Thread-safe.
 *
 * @param path what the user calls it
 * @param directory where its parts are; null for one file
 * @param parts the parts; empty for one file
 */
public record ArchiveFile(Path path, @Nullable Path directory, List<String> parts) {
  /** Copies the list. */
  public ArchiveFile {
    parts = List.copyOf(parts);
  }

  /**
   * Finds an archive.
   *
   * @param path a file, a directory of parts, or one of the parts
   * @throws SealerException with {@link ErrorCode#INVALID_ARCHIVE} if there is none, or a part is
   *     missing or has another length
   */
  public static ArchiveFile at(Path path) {
    Path directory = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
    boolean inParts =
        directory != null
            && (Files.isDirectory(path) || PartList.isPart(path))
            && Files.isRegularFile(directory.resolve(PartList.FILE));
    if (Files.isDirectory(path) && !inParts) {
      throw invalid(path, "it is a directory without " + PartList.FILE, null);
    }
    if (!Files.exists(path)) {
      throw invalid(path, "no such file", null);
    }
    if (!inParts || directory == null) {
      return new ArchiveFile(path, null, List.of());
    }
    PartList list = list(path, directory);
    for (PartList.Part part : list.parts()) {
      checkLength(path, directory, part);
    }
    return new ArchiveFile(
        path, directory, list.parts().stream().map(PartList.Part::name).toList());
  }

  private static PartList list(Path path, Path directory) {
    try {
      return PartList.read(directory);
    } catch (IOException e) {
      throw invalid(path, String.valueOf(e.getMessage()), e);
    }
  }

  private static void checkLength(Path path, Path directory, PartList.Part part) {
    try {
      long size = Files.size(directory.resolve(part.name()));
      if (size != part.size()) {
        throw damaged(
            path, part.name(), "it has " + size + " bytes, and should have " + part.size());
      }
    } catch (NoSuchFileException e) {
      throw damaged(path, part.name(), "it is missing");
    } catch (IOException e) {
      throw damaged(path, part.name(), "it cannot be read: " + e.getMessage());
    }
  }

  private List<Path> files() {
    Path parent = directory;
    return parent == null ? List.of(path) : parts.stream().map(parent::resolve).toList();
  }

  /** How many bytes it has in all. */
  public long size() throws IOException {
    long size = 0;
    for (Path file : files()) {
      size += Files.size(file);
    }
    return size;
  }

  /** Whether it is wrapped in gzip or zstd, as its first bytes say. */
  public boolean isCompressed() throws IOException {
    byte[] magic;
    try (InputStream in = stream()) {
      magic = in.readNBytes(2);
    }
    return Arrays.equals(magic, new byte[] {0x1f, (byte) 0x8b})
        || Arrays.equals(magic, new byte[] {0x28, (byte) 0xb5});
  }

  /** Opens its bytes from the start. */
  public InputStream stream() throws IOException {
    List<Path> files = files();
    if (files.size() == 1) {
      return Files.newInputStream(files.get(0));
    }
    return new SequenceInputStream(
        Collections.enumeration(files.stream().map(LateInput::new).toList()));
  }

  /** Whether it can be read at any place and more than once, unlike a pipe. */
  public boolean isSearchable() {
    return files().stream().allMatch(Files::isRegularFile);
  }

  /** Opens its bytes for reading at any place. */
  public SeekableByteChannel channel() throws IOException {
    return files().size() == 1
        ? Files.newByteChannel(files().get(0))
        : MultiReadOnlySeekableByteChannel.forPaths(files().toArray(Path[]::new));
  }

  /** The same for a look at the headers of a tar, which may have some tens of thousands. */
  public SeekableByteChannel headers() throws IOException {
    return new HeaderChannel(channel());
  }

  /** Looks for the part that was damaged, when something in the archive is; reads all of them. */
  public Optional<SealerException> damagedPart() {
    Path parent = directory;
    if (parent == null) {
      return Optional.empty();
    }
    for (PartList.Part part : list(path, parent).parts()) {
      try (HashingInputStream in =
          new HashingInputStream(
              Hashing.sha256(), Files.newInputStream(parent.resolve(part.name())))) {
        ByteStreams.exhaust(in);
        Digest actual = Digest.sha256(in.hash().toString());
        if (!actual.equals(part.digest())) {
          return Optional.of(damaged(path, part.name(), "its bytes hash to " + actual));
        }
      } catch (IOException e) {
        return Optional.of(damaged(path, part.name(), "it cannot be read: " + e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static SealerException damaged(Path path, String part, String reason) {
    return SealerException.builder(
            ErrorCode.INVALID_ARCHIVE,
            "cannot load " + path + ": " + part + " is damaged or missing: " + reason)
        .remedy("copy " + part + " again; the other parts need not be copied")
        .detail("part", part)
        .build();
  }

  /** The exception for something that is no archive. */
  public static SealerException invalid(Path archive, String reason, @Nullable Throwable cause) {
    return SealerException.builder(
            ErrorCode.INVALID_ARCHIVE, "cannot load " + archive + ": " + reason)
        .remedy("give an OCI archive: a tar of an OCI image layout, as save writes it")
        .cause(cause)
        .build();
  }

  /** What a file system says, without the path again. */
  public static String reason(Throwable e) {
    if (e instanceof NoSuchFileException) {
      return "no such directory";
    }
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getReason();
    }
    return String.valueOf(e.getMessage());
  }

  /** A file that is opened when it is first read, so that a thousand parts are not open at once. */
  private static final class LateInput extends InputStream {
    private final Path file;
    private @Nullable InputStream in;

    LateInput(Path file) {
      this.file = file;
    }

    private InputStream open() throws IOException {
      InputStream open = in;
      if (open == null) {
        open = Files.newInputStream(file);
        in = open;
      }
      return open;
    }

    @Override
    public int read() throws IOException {
      return open().read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return open().read(buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
      InputStream open = in;
      if (open != null) {
        open.close();
      }
    }
  }
}
