package cloud.sealer.helm;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Helm as the program {@code helm}: one process for each chart. */
final class ProgramEngine implements HelmEngine {
  private final Path program;
  private final Path scratch;

  ProgramEngine(Path program, Path scratch) {
    this.program = program;
    this.scratch = scratch;
  }

  @Override
  public String template(Job job) throws RefusedException {
    try (TemporaryDirectory directory = TemporaryDirectory.in(scratch)) {
      write(job, directory.path());
      return run(job, directory.path());
    } catch (IOException | InvalidPathException e) {
      throw SealerException.builder(
              ErrorCode.RENDER_FAILED,
              job.label() + ": cannot be rendered with " + program + ": " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  private static void write(Job job, Path directory) throws IOException {
    Path chart = directory.resolve("chart");
    for (ChartFile file : job.files()) {
      Path path = chart.resolve(file.path()).normalize();
      if (!path.startsWith(chart)) {
        throw new IOException("not in the chart: " + file.path());
      }
      Files.createDirectories(path.getParent());
      Files.write(path, file.bytes());
    }
    Files.writeString(directory.resolve("values.yaml"), job.values());
    Files.writeString(directory.resolve("kubeconfig"), "");
  }

  private String run(Job job, Path directory) throws IOException, RefusedException {
    Path printed = directory.resolve("out");
    Path errors = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command(job))
            .directory(directory.toFile())
            .redirectOutput(printed.toFile())
            .redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().putAll(ChildProcess.environment(directory));
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(job.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw SealerException.builder(
                ErrorCode.RENDER_FAILED,
                job.label()
                    + ": "
                    + program
                    + " did not end within "
                    + ChildProcess.seconds(job.timeout()))
            .build();
      }
    } catch (InterruptedException e) {
      throw SealerException.cancelled(job.label());
    } finally {
      end(process);
    }
    if (process.exitValue() != 0) {
      BoundedText said = new BoundedText();
      said.drain(Files.newInputStream(errors));
      throw new RefusedException(said.toString().replaceFirst("^Error: ", ""));
    }
    return Files.readString(printed, StandardCharsets.UTF_8);
  }

  private static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    for (ProcessHandle one : all) {
      one.destroyForcibly();
      one.onExit().join();
    }
  }

  private List<String> command(Job job) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toAbsolutePath().toString(),
                "template",
                "release",
                "chart",
                "--namespace=default",
                "--include-crds",
                "--values=values.yaml"));
    if (!job.kubernetesVersion().isEmpty()) {
      command.add("--kube-version=" + job.kubernetesVersion());
    }
    job.apiVersions().forEach(version -> command.add("--api-versions=" + version));
    return command;
  }

  @Override
  public void close() {
    // Each chart cleans up after itself.
  }
}
