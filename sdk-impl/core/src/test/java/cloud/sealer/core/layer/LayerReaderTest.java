package cloud.sealer.core.layer;

import static cloud.sealer.core.layer.LayerFixture.directory;
import static cloud.sealer.core.layer.LayerFixture.file;
import static cloud.sealer.core.layer.LayerFixture.opaque;
import static cloud.sealer.core.layer.LayerFixture.symlink;
import static cloud.sealer.core.layer.LayerFixture.whiteout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerReaderTest {
  @TempDir Path directory;
  private LayerFixture layers;

  @BeforeEach
  void open() {
    layers = new LayerFixture(directory.resolve("store"));
  }

  @AfterEach
  void close() {
    layers.close();
  }

  private List<String> read(Descriptor layer, Digest diffId) {
    List<String> seen = new ArrayList<>();
    new LayerReader(layers.store)
        .read(
            layer,
            diffId,
            bytes -> {},
            (entry, content) -> {
              try {
                String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                seen.add(entry.kind() + " " + entry.path() + " " + entry.target() + text);
              } catch (LayerReader.DamagedLayerException e) {
                throw e;
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    return seen;
  }

  private static void assertCode(Throwable thrown, ErrorCode code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void readsWhatIsWritten(Compression compression) {
    WrittenLayer layer =
        layers.write(
            compression,
            directory("d"),
            file("d/f", "text"),
            symlink("d/l", "../x"),
            opaque("o"),
            whiteout("w"));
    AtomicLong progress = new AtomicLong();

    assertThat(read(layer.descriptor(), layer.diffId()))
        .containsExactly(
            "DIRECTORY d ",
            "FILE d/f text",
            "SYMLINK d/l ../x",
            "DIRECTORY o ",
            "OPAQUE o ",
            "WHITEOUT w ");
    new LayerReader(layers.store)
        .read(layer.descriptor(), null, progress::addAndGet, (entry, content) -> {});
    assertThat(progress).hasValue(layer.descriptor().size());
  }

  @Test
  void readsGzipOfSeveralMembers() throws IOException {
    byte[] tar = new LayerFixture.EvilTar().add('0', "a", "", "x".repeat(3000)).end();
    ByteArrayOutputStream blob = new ByteArrayOutputStream();
    for (byte[] part : List.of(Arrays.copyOf(tar, 700), Arrays.copyOfRange(tar, 700, tar.length))) {
      try (OutputStream gzip = new GZIPOutputStream(blob)) {
        gzip.write(part);
      }
    }
    assertThat(read(layers.store(blob.toByteArray()), null))
        .containsExactly("FILE a " + "x".repeat(3000));
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void aDamagedBlobIsRemoved(Compression compression) throws IOException {
    WrittenLayer layer = layers.write(compression, file("f", "text".repeat(1000)));
    Path blob = directory.resolve("store/blobs/sha256/" + layer.descriptor().digest().hex());
    for (int at : new int[] {0, 20, (int) layer.descriptor().size() - 1}) {
      byte[] bytes = Files.readAllBytes(blob);
      byte[] damaged = bytes.clone();
      damaged[at] ^= 0x55;
      Files.write(blob, damaged);
      assertCode(catchRead(layer.descriptor(), layer.diffId()), ErrorCode.STORE_CORRUPT);
      assertThat(blob).doesNotExist();
      Files.write(blob, Arrays.copyOf(bytes, at));
      assertCode(catchRead(layer.descriptor(), layer.diffId()), ErrorCode.STORE_CORRUPT);
      Files.write(blob, bytes);
    }
    assertThat(read(layer.descriptor(), layer.diffId())).hasSize(1);
  }

  private Throwable catchRead(Descriptor layer, Digest diffId) {
    return org.assertj.core.api.Assertions.catchThrowable(() -> read(layer, diffId));
  }

  @Test
  void anImageThatContradictsItselfIsRefused() {
    WrittenLayer layer = layers.write(Compression.ZSTD, file("f", "text"));

    assertCode(
        catchRead(layer.descriptor(), layer.descriptor().digest()), ErrorCode.DIGEST_MISMATCH);
    assertThat(layers.store.size(layer.descriptor().digest())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"this is not a tar archive at all, it only looks like a file", "\u001f\u008b\b"})
  void whatIsNoTarIsRefused(String text) throws IOException {
    Descriptor layer = layers.store(text.repeat(50).getBytes(StandardCharsets.ISO_8859_1));

    assertCode(catchRead(layer, null), ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(layers.store.size(layer.digest())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(chars = {'x', 'L', 'K', 'g'})
  void aHugeHeaderIsNotCollected(char type) throws IOException {
    byte[] header = TarHeader.of('0', "big", "", 0644, 3_000_000, 0);
    header[156] = (byte) type;
    int sum = 0;
    Arrays.fill(header, 148, 156, (byte) ' ');
    for (byte b : header) {
      sum += b & 0xff;
    }
    byte[] octal = String.format("%06o\0", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, header, 148, 7);
    byte[] value = new byte[3_000_064];
    Arrays.fill(value, (byte) 'a');
    byte[] key = "3000000 path=".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(key, 0, value, 0, key.length);
    Descriptor layer = layers.store(new LayerFixture.EvilTar().raw(header).raw(value).end());

    Throwable thrown = catchRead(layer, null);
    assertCode(thrown, ErrorCode.IMAGE_UNSUPPORTED);
    assertThat(thrown).hasMessageContaining("larger than");
  }

  @Test
  void aLongNameIsRefused() throws IOException {
    Descriptor layer =
        layers.store(new LayerFixture.EvilTar().add('0', "n".repeat(5000), "", "").end());

    assertThatThrownBy(() -> read(layer, null)).hasMessageContaining("5000 characters");
  }

  @Test
  void aSparseFileThatLiesAboutItsSizeIsRefused() throws IOException {
    byte[] header = TarHeader.of('S', "sparse", "", 0644, 512, 0);
    System.arraycopy("ustar  \0".getBytes(StandardCharsets.US_ASCII), 0, header, 257, 8);
    Arrays.fill(header, 345, 500, (byte) 0);
    byte[] numbers = "00000000000\00000000001000\0".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(numbers, 0, header, 386, 24);
    System.arraycopy("77777777777\0".getBytes(StandardCharsets.US_ASCII), 0, header, 483, 12);
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    System.arraycopy(
        String.format("%06o\0", sum).getBytes(StandardCharsets.US_ASCII), 0, header, 148, 7);
    Descriptor layer =
        layers.store(new LayerFixture.EvilTar().raw(header).raw(new byte[512]).end());

    assertThatThrownBy(() -> read(layer, null)).hasMessageContaining("sparse");
  }
}
