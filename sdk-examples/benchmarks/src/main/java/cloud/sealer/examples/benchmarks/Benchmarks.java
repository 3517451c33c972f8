package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs all benchmarks, prints their tables as Markdown and writes them to a file.
 *
 * <pre>java … Benchmarks PROGRAM WORK_DIRECTORY REPORT_FILE [smoke]</pre>
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * The program.
   *
   * @param args the launcher of the packed program, a directory for inputs and outputs that is
   *     emptied before and after, the file of the report, and {@code smoke} for tiny inputs
   * @throws Exception if a benchmark of ours fails; a peer that fails is shown as such
   */
  public static void main(String[] args) throws Exception {
    if (args.length < 3 || args.length > 4) {
      System.err.println("usage: Benchmarks PROGRAM WORK_DIRECTORY REPORT_FILE [smoke]");
      System.exit(2);
    }
    Scale scale = args.length == 4 && args[3].equals("smoke") ? Scale.SMOKE : Scale.FULL;
    String markdown = run(Path.of(args[0]), Path.of(args[1]), scale);
    Files.writeString(Path.of(args[2]), markdown);
    System.out.println(markdown);
  }

  /** Runs everything; returns the report. */
  static String run(Path launcher, Path work, Scale scale) throws Exception {
    Path directory = work.toAbsolutePath().normalize();
    remove(directory);
    Files.createDirectories(directory);
    try {
      Report report = new Report();
      Program program = new Program(launcher.toAbsolutePath().normalize());
      say("collecting container images");
      new Collecting(directory, program, scale, report).run();
      say("layers");
      new Layers(directory, program, scale, report).run();
      say("embedding");
      new Embedding(directory, scale.runs(), report).run();
      say("JMH");
      new MicroBenchmarks(directory, scale, report).run();
      return report.markdown(Machine.describe());
    } finally {
      remove(directory);
    }
  }

  private static void say(String what) {
    System.err.println("benchmarks: " + what);
  }

  private static void remove(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> all = Files.walk(directory)) {
      deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.delete(each);
    }
  }
}
