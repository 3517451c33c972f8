package cloud.sealer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
  @TempDir Path directory;

  @Test
  void aRunnerNeedsADirectoryOfRecords() {
    try (Sealer sealer = Sealer.builder().store(directory).build()) {
      SealerException failure = catchThrowableOfType(SealerException.class, sealer::runner);
      assertThat(failure.code()).isEqualTo(ErrorCode.INVALID_REQUEST);
      assertThat(failure.remedy()).contains("Sealer.Builder.clusters");
    }
  }

  @Test
  void withoutItsArtifactTheRunnerIsMissing() {
    try (Sealer sealer =
        Sealer.builder().store(directory).clusters(directory.resolve("clusters")).build()) {
      SealerException failure = catchThrowableOfType(SealerException.class, sealer::runner);
      assertThat(failure.code()).isEqualTo(ErrorCode.PROVIDER_MISSING);
      assertThat(failure.remedy()).contains("sealer-sdk-kubernetes");
    }
  }
}
