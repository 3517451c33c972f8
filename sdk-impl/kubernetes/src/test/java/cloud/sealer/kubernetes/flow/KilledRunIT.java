package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.RunOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledRunIT {
  private static final ClusterChange APPLY = new ClusterChange.Apply(TestCluster.spec(3));

  @TempDir Path directory;

  /** Runs until it is killed: a step of the second host never ends. */
  static final class Run {
    private Run() {}

    public static void main(String[] args) {
      TestCluster cluster = new TestCluster(Path.of(args[0]));
      cluster.more.put(
          "10.0.0.2 join",
          context -> {
            try {
              Files.createFile(Path.of(args[0], "working"));
              Thread.sleep(Long.MAX_VALUE);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
      cluster.runner().run(APPLY, RunOptions.DEFAULT);
    }
  }

  @Test
  void theNextRunDoesOnlyWhatIsLeft() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName(),
                directory.toString())
            .inheritIO()
            .start();
    try {
      for (int i = 0; i < 600 && !Files.exists(directory.resolve("working")); i++) {
        assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).isFalse();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (TestCluster cluster = new TestCluster(directory)) {
      assertThat(cluster.runner().clusters()).singleElement().matches(state -> !state.complete());
      Plan plan = cluster.runner().plan(APPLY, RunOptions.DEFAULT);
      assertThat(plan.steps())
          .extracting(step -> step.name() + ": " + step.reason())
          .contains("join: was not finished", "commands: not done yet")
          .doesNotContain("prepare: not done yet");

      cluster.runner().execute(plan, RunOptions.DEFAULT);

      assertThat(cluster.runner().plan(APPLY, RunOptions.DEFAULT).steps()).isEqualTo(List.of());
    }
  }
}
