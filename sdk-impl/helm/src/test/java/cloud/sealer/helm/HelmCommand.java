package cloud.sealer.helm;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command line of {@code helm template} before the engine of helm-java, for machines that have
 * no {@code helm}.
 */
final class HelmCommand {
  private HelmCommand() {}

  /** Makes a program in a directory. */
  static Path in(Path directory) throws IOException, URISyntaxException {
    Path program = directory.resolve("helm");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '%s' -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Engine.classPath(directory),
                HelmCommand.class.getName()));
    if (!program.toFile().setExecutable(true)) {
      throw new IOException("cannot make a program of " + program);
    }
    return program;
  }

  /** Renders the chart that the second argument after {@code template} names. */
  public static void main(String[] args) throws IOException {
    List<String> apiVersions = new ArrayList<>();
    String kubernetesVersion = "";
    String values = "";
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      if (arg.startsWith("--values=")) {
        values = Files.readString(Path.of(value));
      } else if (arg.startsWith("--kube-version=")) {
        kubernetesVersion = value;
      } else if (arg.startsWith("--api-versions=")) {
        apiVersions.add(value);
      }
    }
    HelmEngine.Job job =
        new HelmEngine.Job(
            args[1],
            files(Path.of(args[2])),
            values,
            kubernetesVersion,
            apiVersions,
            Duration.ofMinutes(1));
    try (TemporaryDirectory scratch = TemporaryDirectory.in(Path.of(""));
        HelmEngine engine = new HelmJvmRenderer().engine(scratch.path())) {
      new PrintStream(System.out, true, StandardCharsets.UTF_8).print(engine.template(job));
    } catch (HelmEngine.RefusedException e) {
      System.err.println("Error: " + e.getMessage());
      System.exit(1);
    }
  }

  private static List<ChartFile> files(Path chart) throws IOException {
    try (Stream<Path> all = Files.walk(chart)) {
      return all.filter(Files::isRegularFile)
          .map(
              file ->
                  new ChartFile(
                      chart.relativize(file).toString(), () -> Files.newInputStream(file)))
          .toList();
    }
  }
}
