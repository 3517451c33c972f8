package cloud.sealer.core.context;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** What an archive is, told by its first bytes; its name does not matter. */
final class ArchiveFormat {
  private static final int TAR_BLOCK = 512;

  private ArchiveFormat() {}

  /** Reads an archive into the contents and the spool. */
  static void read(Path file, TreeContents contents, Spool spool) throws IOException {
    ArchiveReader reader = new ArchiveReader(contents, spool);
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(4);
    }
    if (head.length == 4 && head[0] == 'P' && head[1] == 'K' && (head[2] == 3 || head[2] == 5)) {
      reader.readZip(file);
      return;
    }
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        InputStream tar = new BufferedInputStream(decompressed(raw, head), 1 << 16)) {
      requireTar(tar, contents);
      reader.readTar(tar);
    }
  }

  private static InputStream decompressed(InputStream raw, byte[] head) throws IOException {
    if (head.length < 4) {
      return raw;
    }
    if ((head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b) {
      return GzipCompressorInputStream.builder()
          .setInputStream(raw)
          .setDecompressConcatenated(true)
          .get();
    }
    boolean tail = (head[2] & 0xff) == 0x2f && (head[3] & 0xff) == 0xfd;
    if ((head[0] & 0xff) == 0x28 && (head[1] & 0xff) == 0xb5 && tail) {
      return zstd(raw);
    }
    return raw;
  }

  private static InputStream zstd(InputStream raw) throws IOException {
    try {
      return new ZstdInputStreamNoFinalizer(raw);
    } catch (LinkageError e) {
      throw SealerException.builder(
              ErrorCode.PROVIDER_MISSING, "reading a zstd archive needs zstd-jni")
          .cause(e)
          .remedy("Add com.github.luben:zstd-jni, or compress the archive with gzip.")
          .build();
    }
  }

  private static void requireTar(InputStream tar, TreeContents contents) throws IOException {
    tar.mark(TAR_BLOCK);
    byte[] header = tar.readNBytes(TAR_BLOCK);
    tar.reset();
    boolean empty = header.length == TAR_BLOCK && isZero(header);
    if (!empty && !TarArchiveInputStream.matches(header, header.length) && !isOldTar(header)) {
      throw contents.invalid("it is no archive that can be read; tar, tar.gz, tar.zst and zip can");
    }
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Tar of before POSIX has no mark, only a checksum. */
  private static boolean isOldTar(byte[] header) {
    return header.length == TAR_BLOCK && TarUtils.verifyCheckSum(header);
  }
}
