package cloud.sealer.core.layer;

import cloud.sealer.core.files.TreeRemoval;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.SealerException;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes made by a fuzzer as a layer: names that climb out, links that lead out, headers that lie
 * about lengths, sparse files, bombs.
 */
@Tag("fuzz")
class LayerFuzz {
  /** What a few kilobytes may unpack to here; a bomb in earnest is bounded by the disk. */
  private static final long MAX_READ = 64L * 1024 * 1024;

  private static final Set<ErrorCode> REFUSED =
      EnumSet.of(ErrorCode.IMAGE_UNSUPPORTED, ErrorCode.PATH_ESCAPES);

  @TempDir private Path work;

  @FuzzTest(maxDuration = "1m")
  void entries(byte[] bytes) {
    try (InputStream in = LayerReader.decompress(new ByteArrayInputStream(bytes))) {
      TarEntries entries = new TarEntries("fuzz", in);
      byte[] buffer = new byte[64 * 1024];
      long read = 0;
      for (LayerEntry entry = entries.next(); entry != null; entry = entries.next()) {
        check(entry.path());
        if (entry.kind() == LayerEntry.Kind.HARD_LINK) {
          check(RootfsPath.of(entry.target()));
        }
        for (int n = 0; n >= 0 && read < MAX_READ; n = entries.content().read(buffer)) {
          read += n;
        }
        if (read >= MAX_READ) {
          return;
        }
      }
    } catch (SealerException e) {
      if (!REFUSED.contains(e.code())) {
        throw e;
      }
    } catch (IOException e) {
      return; // said by LayerReader in one clear error
    }
  }

  private static void check(RootfsPath path) {
    if (path.value().startsWith("/") || Stream.of(path.value().split("/")).anyMatch(".."::equals)) {
      throw new AssertionError("a path leaves the root: " + path);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void unpack(byte[] bytes) throws IOException {
    if (bytes.length == 0) {
      return;
    }
    Path around = Files.createTempDirectory(work, "around");
    Path root = Files.createDirectory(around.resolve("root"));
    Files.writeString(around.resolve("outside"), "untouched");
    try (LayerFixture fixture = new LayerFixture(around.resolve("store"))) {
      Descriptor layer = fixture.store(bytes);
      new RootfsUnpacker(fixture.store, root).apply(layer, null, fixture.task);
    } catch (SealerException e) {
      if (!REFUSED.contains(e.code()) && e.code() != ErrorCode.STORE_IO) {
        throw e;
      }
    }
    try (Stream<Path> beside = Files.list(around)) {
      long count = beside.count();
      boolean touched = !Files.readString(around.resolve("outside")).equals("untouched");
      if (count != 3 || touched || !Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
        throw new AssertionError("a layer reached out of its root");
      }
    }
    TreeRemoval.remove(around);
  }
}
