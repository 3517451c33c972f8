package cloud.sealer.core.signature;

import cloud.sealer.core.registry.PemFile;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What is signed, and the files of keys. */
@Tag("fuzz")
class SignatureFuzz {
  @TempDir private Path work;

  @FuzzTest(maxDuration = "1m")
  void payload(byte[] bytes) {
    try {
      SimpleSigning read = SimpleSigning.parse(bytes);
      if (!SimpleSigning.parse(read.toJson()).equals(read)) {
        throw new AssertionError("does not survive being written: " + read);
      }
    } catch (IllegalArgumentException e) {
      return; // refused, with a reason
    }
  }

  @FuzzTest(maxDuration = "1m")
  void keyFile(byte[] bytes) throws IOException {
    Path file = Files.write(work.resolve("key"), bytes);
    try {
      KeyFiles.verifier(file);
    } catch (SealerException e) {
      check(e);
    }
    boolean slow =
        new String(bytes, StandardCharsets.ISO_8859_1).contains("ENCRYPTED")
            && PemFile.blocks("key", file).stream().anyMatch(CosignKey::isOne);
    if (!slow) {
      try {
        KeyFiles.signer(file, Optional.of(Secret.of("fuzz")));
      } catch (SealerException e) {
        check(e);
      }
    }
  }

  private static void check(SealerException e) {
    if (e.code() != ErrorCode.INVALID_REQUEST) {
      throw e;
    }
  }
}
