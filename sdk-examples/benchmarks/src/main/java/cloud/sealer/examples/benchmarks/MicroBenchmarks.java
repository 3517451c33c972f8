package cloud.sealer.examples.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks and turns their times into rows. */
final class MicroBenchmarks {
  private static final String HOT_LOOPS = "cloud.sealer.examples.benchmarks.HotLoops";
  private static final int WARMUPS = 4;

  private final Path directory;
  private final Scale scale;
  private final Report report;

  MicroBenchmarks(Path directory, Scale scale, Report report) {
    this.directory = directory;
    this.scale = scale;
    this.report = report;
  }

  void run() throws RunnerException {
    boolean smoke = scale.equals(Scale.SMOKE);
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(HOT_LOOPS)
        .mode(Mode.AverageTime)
        .forks(smoke ? 0 : 1)
        .warmupIterations(smoke ? 0 : WARMUPS)
        .measurementIterations(scale.runs())
        .warmupTime(TimeValue.seconds(1))
        .measurementTime(smoke ? TimeValue.milliseconds(1) : TimeValue.seconds(1))
        .param("directory", directory.toString())
        .param("manifests", Integer.toString(scale.manifests()))
        .param("kubefileLines", Integer.toString(scale.kubefileLines()))
        .verbosity(VerboseMode.SILENT);
    List<Result> results = new ArrayList<>();
    for (RunResult run : new Runner(options.build()).run()) {
      String loop = run.getPrimaryResult().getLabel();
      double seconds = run.getPrimaryResult().getScore();
      results.add(row(loop, seconds));
      target(loop, seconds);
    }
    report.race("Inside a warm JVM (JMH)", 0, results);
  }

  private Result row(String loop, double seconds) {
    String work =
        switch (loop) {
          case "parse" -> "parse a Kubefile of " + kilobytes() + " kB";
          case "discover" -> "discover images in " + scale.manifests() + " manifests";
          case "tar" -> "tar and hash a layer of 64 MB in memory";
          case "hash" -> "a blob of 64 MB into its layer: both digests";
          default -> loop;
        };
    return new Result(work, List.of(seconds), OptionalLong.empty(), Optional.empty());
  }

  private long kilobytes() {
    return HotInputs.kubefile(scale.kubefileLines()).length() / 1000;
  }

  private void target(String loop, double seconds) {
    if (loop.equals("discover")) {
      report.atMost(
          scale.manifests() + " manifests discovered, warm", OptionalDouble.of(seconds), 3, "s");
    } else if (loop.equals("parse")) {
      double speed = HotInputs.kubefile(scale.kubefileLines()).length() / 1e6 / seconds;
      report.target(
          "Kubefile parse",
          "≥ 50 MB/s",
          Math.round(speed) + " MB/s",
          Report.Verdict.of(speed >= 50));
    }
  }
}
