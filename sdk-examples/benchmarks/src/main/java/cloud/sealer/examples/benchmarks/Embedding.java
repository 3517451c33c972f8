package cloud.sealer.examples.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Runs {@link EmbedderStart}, without any class data archive of ours. */
final class Embedding {
  private static final double SECOND = 1000;

  private final Path directory;
  private final int runs;
  private final Report report;

  Embedding(Path directory, int runs, Report report) {
    this.directory = directory;
    this.runs = runs;
    this.report = report;
  }

  void run() {
    Shell shell = new Shell(directory);
    List<Double> seconds = new ArrayList<>();
    double threads = 0;
    for (int i = 0; i < runs; i++) {
      Shell.Run run =
          shell.run(
              '"'
                  + System.getProperty("java.home")
                  + "/bin/java\" -cp \"$CP\" "
                  + EmbedderStart.class.getName()
                  + " embedded",
              Map.of("CP", System.getProperty("java.class.path")));
      if (run.status() != 0) {
        throw new IllegalStateException("the embedder failed: " + run.output());
      }
      seconds.add(value(run.output(), "ms") / SECOND);
      threads = Math.max(threads, value(run.output(), "threads"));
    }
    OptionalDouble median =
        new Result("", seconds, OptionalLong.empty(), Optional.empty()).median();
    report.atMost(
        "embedder: classes and start of Sealer",
        OptionalDouble.of(median.orElseThrow() * SECOND),
        150,
        "ms");
    report.atMost("embedder: threads after close()", OptionalDouble.of(threads), 0, "threads");
  }

  private static double value(String output, String name) {
    return output
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("the embedder printed " + output));
  }
}
