package cloud.sealer.core.image;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.SignatureCheck;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Files made by a fuzzer as archives of images: loaded whole, or refused and nothing is named. */
@Tag("fuzz")
class ImageArchiveFuzz {
  private static final Set<ErrorCode> REFUSED =
      EnumSet.of(
          ErrorCode.INVALID_ARCHIVE,
          ErrorCode.INVALID_REQUEST,
          ErrorCode.IMAGE_UNSUPPORTED,
          ErrorCode.DIGEST_MISMATCH);

  @TempDir private Path work;
  private Sealer sealer;

  @BeforeEach
  void open() {
    sealer = Sealer.builder().store(work.resolve("store")).explicitProvidersOnly().build();
  }

  @AfterEach
  void close() {
    sealer.close();
  }

  @FuzzTest(maxDuration = "1m")
  void anyFile(byte[] bytes) throws IOException {
    Path archive = Files.write(work.resolve("archive"), bytes);
    int before = sealer.images().list().size();
    refusing(() -> sealer.images().load(archive, EventListener.NONE), before);
    refusing(
        () ->
            sealer
                .trust()
                .verifyArchive(archive, SignatureCheck.verifier((text, made) -> false).build()),
        sealer.images().list().size());
  }

  private void refusing(Runnable work, int named) {
    try {
      work.run();
    } catch (SealerException e) {
      if (!REFUSED.contains(e.code()) || sealer.images().list().size() != named) {
        throw e;
      }
    }
  }
}
