package cloud.sealer.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs every benchmark with tiny inputs, so that none rots. What they measure says nothing. */
class BenchmarksIT {
  @TempDir private Path directory;

  @Test
  void everyBenchmarkRuns() throws Exception {
    String report =
        Benchmarks.run(
            Path.of("../cli/target/sealer/bin/sealer"), directory.resolve("work"), Scale.SMOKE);

    assertThat(report)
        .contains("| layer of 1 MB of programs, zstd |")
        .contains("**sealer-sdk, zstd** |", "**sealer-sdk, warm JVM** |")
        .containsPattern("\\| jib-core to a tar \\(gzip\\), cold cache \\| [0-9.]+ \\|")
        .containsPattern("\\| jib-core to a tar \\(gzip\\), warm cache \\| [0-9.]+ \\|")
        .contains("embedder: threads after close()", "parse a Kubefile", "discover images in 20");
    if (Tools.find("docker-registry").isPresent()) {
      assertThat(report)
          .containsPattern("\\| jib-core, build \\+ push \\(gzip\\), cold cache \\| [0-9.]+ \\|")
          .containsPattern("\\| jib-core, build \\+ push \\(gzip\\), warm cache \\| [0-9.]+ \\|")
          .contains("push of five layers", "| push again | ≤ 65536 bytes beside the new blobs |")
          .contains("one of 3 container images changed, pushed")
          .contains("verify an image of 1 MB of files");
    }
    assertThat(directory.resolve("work")).doesNotExist();
  }

  @Test
  void theReportSaysWhatIsMissedAndWhatIsAbsent() {
    Report report = new Report();
    Result limit = result("limit", 1.0);
    Result ours = result("sealer-sdk", 3.0);
    Result absent = Result.absent("peer", "peer-tool");

    report.race("A race", 1, List.of(limit, absent, ours));
    report.ahead("work", limit, ours, 2);
    report.ahead("work", absent, ours, 2);
    report.within("work", "the limit", limit.median(), ours, 3);

    assertThat(report.markdown("A machine"))
        .contains("| limit | 1.00 | 1.0 | 2 | 1 |")
        .contains("| peer | peer-tool is absent | – | – | 0 |")
        .contains("| **sealer-sdk** | 3.00 | 3.0 | 2 | 1 |")
        .contains("| work | ≥ 2.00 × ahead of limit | 0.33 × | **missed** |")
        .contains("| work | ≥ 2.00 × ahead of peer | – | not measured |")
        .contains("| work | ≤ 3.00 × the limit | 3.00 × | met |");
  }

  private static Result result(String name, double seconds) {
    return new Result(name, List.of(seconds), OptionalLong.of(2_000_000), Optional.empty());
  }
}
