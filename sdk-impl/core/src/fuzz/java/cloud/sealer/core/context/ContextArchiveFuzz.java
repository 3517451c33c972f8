package cloud.sealer.core.context;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Bytes made by a fuzzer as archives to copy from: no entry leaves the archive. */
@Tag("fuzz")
class ContextArchiveFuzz {
  @TempDir private Path work;

  /** Reads an archive. */
  private interface Reading {
    void read(ArchiveReader reader) throws IOException;
  }

  @FuzzTest(maxDuration = "1m")
  void tar(byte[] bytes) throws IOException {
    read(reader -> reader.readTar(new ByteArrayInputStream(bytes)));
  }

  @FuzzTest(maxDuration = "1m")
  void zip(byte[] bytes) throws IOException {
    Path file = Files.write(work.resolve("archive.zip"), bytes);
    read(reader -> reader.readZip(file));
  }

  private void read(Reading reading) throws IOException {
    TreeContents contents = new TreeContents("fuzz");
    try (Spool spool = new Spool(work)) {
      reading.read(new ArchiveReader(contents, spool));
    } catch (IOException | SealerException e) {
      return; // refused
    }
    for (RootfsPath path : contents.entries().keySet()) {
      if (path.isRoot() || List.of(path.value().split("/")).contains("..")) {
        throw new AssertionError("an entry leaves the archive: " + path);
      }
    }
  }
}
