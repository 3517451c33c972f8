package cloud.sealer.core.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.SealerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarHeaderTest {
  private static TarArchiveEntry read(byte[] header) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(header), "UTF-8")) {
      return tar.getNextEntry();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 077777777777L, 0100000000000L, 20_000_000_000L, Long.MAX_VALUE / 2})
  void holdsAnySize(long size) throws IOException {
    assertThat(read(TarHeader.of(TarHeader.FILE, "a", "", 0644, size, 0)).getSize())
        .isEqualTo(size);
  }

  @Test
  void holdsNamesAndLinksOfAnyLength() throws IOException {
    for (int length = 1; length < 1200; length++) {
      String name = "d/".repeat(length / 2) + "n".repeat(1 + length % 2);
      String flat = "x".repeat(length);
      TarArchiveEntry entry = read(TarHeader.of(TarHeader.SYMLINK, name, flat, 0777, 0, 0));
      assertThat(entry.getName()).isEqualTo(name);
      assertThat(entry.getLinkName()).isEqualTo(flat);
      String directory = name + "/";
      assertThat(read(TarHeader.of(TarHeader.DIRECTORY, directory, "", 0755, 0, 0)).getName())
          .isEqualTo(directory);
    }
  }

  @Test
  void usesPaxOnlyWhereItMust() {
    String fits = "registry/docker/registry/v2/blobs/sha256/ab/" + "a".repeat(64) + "/data";
    assertThat(TarHeader.of(TarHeader.FILE, fits, "", 0644, 1, 0)).hasSize(512);
    assertThat(TarHeader.of(TarHeader.FILE, "é", "", 0644, 1, 0)).hasSize(3 * 512);
  }

  @Test
  void refusesNamesThatAreNoText() {
    assertThatThrownBy(() -> TarHeader.of(TarHeader.FILE, "a\ud800b", "", 0644, 1, 0))
        .isInstanceOf(SealerException.class);
    assertThatThrownBy(() -> TarHeader.of(TarHeader.SYMLINK, "a", "b\0c", 0644, 1, 0))
        .isInstanceOf(SealerException.class);
  }
}
