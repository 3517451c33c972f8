package cloud.sealer.helm;

import cloud.sealer.helm.child.Wire;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Helm in a child process: started for the first chart, kept for more, started again if a chart
 * killed it.
 */
final class ChildEngine implements HelmEngine {
  private static final Duration PROBE = Duration.ofSeconds(60);
  private static final Pattern QUOTED = Pattern.compile("\"([^\"]+)\"");
  private static final List<ChartFile> VERSIONS_CHART =
      List.of(
          ChartFile.of("Chart.yaml", "{apiVersion: v2, name: versions, version: 1.0.0}"),
          ChartFile.of(
              "templates/versions.yaml", "versions: {{ toJson .Capabilities.APIVersions }}"));

  private final Path java;
  private final List<String> options;
  private final ChildClassPath classPath;
  private final Path scratch;
  private final Set<String> builtInVersions = new TreeSet<>();
  private @Nullable ChildProcess child;

  ChildEngine(Path java, List<String> options, ChildClassPath classPath, Path scratch) {
    this.java = java;
    this.options = options;
    this.classPath = classPath;
    this.scratch = scratch;
  }

  @Override
  public String template(Job job) throws RefusedException {
    List<ChartFile> chart;
    try {
      chart = CompleteChart.of(job.files(), apiVersions(job));
    } catch (IOException e) {
      throw new RefusedException(String.valueOf(e.getMessage()));
    }
    return CompleteChart.restored(render(job, chart));
  }

  /** What the engine has built in and what the job adds; nothing if that is nothing. */
  private Set<String> apiVersions(Job job) throws RefusedException {
    if (job.apiVersions().isEmpty()) {
      return Set.of();
    }
    if (builtInVersions.isEmpty()) {
      Matcher quoted =
          QUOTED.matcher(render(new Job("", List.of(), "", "", List.of(), PROBE), VERSIONS_CHART));
      while (quoted.find()) {
        builtInVersions.add(quoted.group(1));
      }
    }
    Set<String> all = new TreeSet<>(builtInVersions);
    all.addAll(job.apiVersions());
    return all;
  }

  private String render(Job job, List<ChartFile> chart) throws RefusedException {
    Answer answer =
        child().exchange(job.label(), job.timeout(), (out, in) -> exchange(job, chart, out, in));
    if (answer.status() == Wire.REFUSED) {
      throw new RefusedException(answer.text());
    }
    return answer.text();
  }

  private record Answer(int status, String text) {}

  private static Answer exchange(
      Job job, List<ChartFile> chart, DataOutputStream out, DataInputStream in) throws IOException {
    Wire.write(out, job.kubernetesVersion());
    Wire.write(out, job.values());
    out.writeInt(chart.size());
    for (ChartFile file : chart) {
      byte[] bytes = bytes(job, file);
      Wire.write(out, file.path());
      Wire.write(out, bytes);
    }
    out.flush();
    int status = in.readInt();
    if (status != Wire.RENDERED && status != Wire.REFUSED) {
      throw new IOException("the protocol is broken");
    }
    return new Answer(status, Wire.readText(in));
  }

  private static byte[] bytes(Job job, ChartFile file) {
    try {
      return file.bytes();
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_CONTEXT,
              job.label() + ": cannot read " + file.path() + ": " + e.getMessage())
          .cause(e)
          .build();
    }
  }

  private ChildProcess child() {
    if (child == null || !child.isAlive()) {
      close();
      child = new ChildProcess(java, options, classPath, scratch);
    }
    return child;
  }

  @Override
  public void close() {
    if (child != null) {
      child.close();
      child = null;
    }
  }
}
