package cloud.sealer.core.image;

import cloud.sealer.core.store.StoreFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The blobs of a compressed archive, one after the other in one file. Not thread-safe. */
final class ArchiveSpool implements AutoCloseable {
  private static final int BUFFER = 256 * 1024;

  private final Path file;
  private final OutputStream out;
  private final byte[] buffer = new byte[BUFFER];
  private long position;

  private ArchiveSpool(Path file, OutputStream out) {
    this.file = file;
    this.out = out;
  }

  /** Makes a new file in a directory. */
  static ArchiveSpool create(Path directory) {
    try {
      Path file = Files.createTempFile(directory, "archive", ".blobs");
      return new ArchiveSpool(file, Files.newOutputStream(file));
    } catch (IOException e) {
      throw StoreFailure.of("write", directory, e);
    }
  }

  Path file() {
    return file;
  }

  /** How much has been written. */
  long position() {
    return position;
  }

  /** Appends all bytes; only failures of reading are thrown as they are. */
  void write(InputStream in) throws IOException {
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      try {
        out.write(buffer, 0, n);
      } catch (IOException e) {
        throw StoreFailure.of("write", file, e);
      }
      position += n;
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
