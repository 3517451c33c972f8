package cloud.sealer.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs all benchmarks, prints their tables as Markdown and writes them to a file.
 *
 * <pre>java … Benchmarks PROGRAM WORK_DIRECTORY REPORT_FILE [smoke] [PART…]</pre>
 */
public final class Benchmarks {
  private static final List<String> PARTS =
      List.of("collecting", "layers", "moving", "distribution", "embedding", "jmh");

  private Benchmarks() {}

  /**
   * The program.
   *
   * @param args the launcher of the packed program, a directory for inputs and outputs that is
   *     emptied before and after, the file of the report, {@code smoke} for tiny inputs, and the
   *     names of parts, such as {@code distribution}, to run only those
   * @throws Exception if a benchmark of ours fails; a peer that fails is shown as such
   */
  public static void main(String[] args) throws Exception {
    List<String> words =
        Arrays.stream(args)
            .skip(3)
            .flatMap(word -> Stream.of(word.split(",", -1)))
            .map(String::strip)
            .filter(word -> !word.isEmpty() && !word.equals("all"))
            .toList();
    List<String> parts = words.stream().filter(word -> !word.equals("smoke")).toList();
    if (args.length < 3 || !PARTS.containsAll(parts)) {
      System.err.println(
          "usage: Benchmarks PROGRAM WORK_DIRECTORY REPORT_FILE [smoke] [PART...], parts are "
              + String.join(" ", PARTS));
      System.exit(2);
    }
    Scale scale = words.contains("smoke") ? Scale.SMOKE : Scale.FULL;
    String markdown =
        run(Path.of(args[0]), Path.of(args[1]), scale, parts.isEmpty() ? PARTS : parts);
    Files.writeString(Path.of(args[2]), markdown);
    System.out.println(markdown);
  }

  /** Runs everything; returns the report. */
  static String run(Path launcher, Path work, Scale scale) throws Exception {
    return run(launcher, work, scale, PARTS);
  }

  private static String run(Path launcher, Path work, Scale scale, List<String> parts)
      throws Exception {
    Path directory = work.toAbsolutePath().normalize();
    remove(directory);
    Files.createDirectories(directory);
    try {
      Report report = new Report();
      Program program = new Program(launcher.toAbsolutePath().normalize());
      for (String part : parts) {
        System.err.println("benchmarks: " + part);
        switch (part) {
          case "collecting" -> new Collecting(directory, program, scale, report).run();
          case "layers" -> new Layers(directory, program, scale, report).run();
          case "moving" -> new Moving(directory, program, scale, report).run();
          case "distribution" -> new Distributing(directory, program, scale, report).run();
          case "embedding" -> new Embedding(directory, scale.runs(), report).run();
          case "jmh" -> new MicroBenchmarks(directory, scale, report).run();
          default -> throw new IllegalArgumentException(part);
        }
      }
      return report.markdown(Machine.describe());
    } finally {
      remove(directory);
    }
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
