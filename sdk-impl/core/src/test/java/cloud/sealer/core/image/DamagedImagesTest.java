package cloud.sealer.core.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One image without its documents must not take the others along. */
class DamagedImagesTest {
  @TempDir private Path store;

  private static Digest build(Sealer sealer, String name) {
    return sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .kubefile(Kubefile.parse("FROM scratch\nCMD start " + name + "\n"))
                .context(BuildContext.inMemory().build())
                .name(name)
                .build())
        .image()
        .digest();
  }

  @Test
  void theOthersAreListedAndNothingIsPrunedUntilItIsRemoved() throws IOException {
    try (Sealer sealer = Sealer.builder().store(store).build()) {
      Digest bad = build(sealer, "bad:v1");
      build(sealer, "good:v1");
      Files.writeString(store.resolve("blobs/sha256").resolve(bad.hex()), "{");

      assertThat(sealer.images().list())
          .extracting(image -> image.reference().tag().orElse("") + image.platforms().size())
          .containsExactly("v10", "v11");
      SealerException failure =
          catchThrowableOfType(SealerException.class, () -> sealer.images().prune());
      assertThat(failure.code()).isEqualTo(ErrorCode.STORE_CORRUPT);
      assertThat(failure).hasMessageContaining("bad:v1");
      sealer.images().remove("bad:v1");
      sealer.images().prune();
      ClusterImage good = sealer.images().inspect("good:v1");
      assertThat(sealer.images().list()).containsExactly(good);
    }
  }
}
