package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterAccess;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of builds that look at a running cluster. */
final class ClusterOptions {
  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      arity = "0..1",
      fallbackValue = "",
      description =
          "The running cluster that a local build looks at; without FILE the first of $$KUBECONFIG,"
              + " else ~/.kube/config.")
  private @Nullable String kubeconfig;

  @Option(
      names = "--kube-context",
      paramLabel = "NAME",
      description = "The context within the kubeconfig; by default the current one.")
  private @Nullable String context;

  @Option(
      names = "--settle-timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "How long the workloads of the cluster may take to come to rest.")
  private long settleTimeout;

  @Option(
      names = "--quiet-period",
      paramLabel = "SECONDS",
      defaultValue = "15",
      description = "How long nothing may change before they count as at rest.")
  private long quietPeriod;

  @SuppressWarnings("NullAway.Init")
  ClusterOptions() {}

  ClusterAccess access(Settings settings, CommandLine command) {
    try {
      ClusterAccess.Builder access =
          ClusterAccess.builder()
              .settleTimeout(Duration.ofSeconds(settleTimeout))
              .quietPeriod(Duration.ofSeconds(quietPeriod));
      if (kubeconfig != null) {
        access.kubeconfig(kubeconfig.isEmpty() ? settings.kubeconfig() : Path.of(kubeconfig));
      }
      if (context != null) {
        access.context(context);
      }
      return access.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command, "--settle-timeout and --quiet-period: " + e.getMessage(), e);
    }
  }
}
