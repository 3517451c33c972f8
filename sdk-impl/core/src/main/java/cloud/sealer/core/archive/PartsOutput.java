package cloud.sealer.core.archive;

import cloud.sealer.sdk.Digest;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a stream into parts of a directory, each full but the last. Not thread-safe. */
public final class PartsOutput extends OutputStream {
  private final Path directory;
  private final long partSize;
  private final List<PartList.Part> parts = new ArrayList<>();
  private @Nullable OutputStream part;
  private Hasher hasher = Hashing.sha256().newHasher();
  private long written;

  /** Parts in an existing directory, of that many bytes. */
  public PartsOutput(Path directory, long partSize) {
    this.directory = directory;
    this.partSize = partSize;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      OutputStream out = part;
      if (out == null) {
        out = Files.newOutputStream(directory.resolve(PartList.name(parts.size() + 1)));
        part = out;
      }
      int n = (int) Math.min(length - done, partSize - written);
      out.write(bytes, offset + done, n);
      hasher.putBytes(bytes, offset + done, n);
      done += n;
      written += n;
      if (written == partSize) {
        endPart(out);
      }
    }
  }

  private void endPart(OutputStream out) throws IOException {
    out.close();
    Digest digest = Digest.sha256(hasher.hash().toString());
    parts.add(new PartList.Part(PartList.name(parts.size() + 1), written, digest));
    part = null;
    written = 0;
    hasher = Hashing.sha256().newHasher();
  }

  /** Ends the last part and writes the list of all. */
  public void finish() throws IOException {
    OutputStream last = part;
    if (last != null) {
      endPart(last);
    }
    new PartList(parts).write(directory);
  }

  @Override
  public void close() throws IOException {
    OutputStream open = part;
    if (open != null) {
      open.close();
    }
  }
}
