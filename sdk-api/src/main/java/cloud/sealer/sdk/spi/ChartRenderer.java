package cloud.sealer.sdk.spi;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Turns Helm charts into the Kubernetes manifests they would install. Thread-safe.
 *
 * <p>No cluster is asked for anything: {@code lookup} finds nothing. What only some life of a
 * release needs is part of the result as well: hooks, tests, and what lies in {@code crds/}.
 * Conditions, tags and aliases of dependencies have their effect; dependencies that are not inside
 * the chart are an error, none is fetched.
 */
public interface ChartRenderer {
  /**
   * The name users choose it by.
   *
   * @return a short lower-case word
   */
  String name();

  /**
   * Why it does not work on this machine.
   *
   * @return one sentence that says what to do; empty if it works
   */
  Optional<String> unavailable();

  /**
   * Starts a piece of work on any number of charts.
   *
   * @param scratch an existing directory for temporary files; nothing of ours is left in it after
   *     {@link Session#close}
   * @return a session, to be closed by the caller
   * @throws cloud.sealer.sdk.SealerException with {@link
   *     cloud.sealer.sdk.ErrorCode#PROVIDER_MISSING} if it does not work on this machine
   */
  Session charts(Path scratch);

  /** Renders charts, one after the other. Not thread-safe. */
  interface Session extends AutoCloseable {
    /**
     * Renders a chart.
     *
     * @param request the chart
     * @return the rendered documents, in the order in which they would be installed
     * @throws cloud.sealer.sdk.SealerException with {@link
     *     cloud.sealer.sdk.ErrorCode#RENDER_FAILED} if the chart cannot be rendered, naming chart,
     *     template and line where known. The session can go on with other charts
     */
    List<Document> render(Request request);

    /** Ends all processes of the session and removes its temporary files. */
    @Override
    void close();
  }

  /**
   * One document that a template gave.
   *
   * @param template the template within the chart, such as {@code web/templates/deployment.yaml} or
   *     {@code web/charts/db/templates/job.yaml}: it begins with the name of the chart, not of its
   *     directory
   * @param text the YAML text
   */
  record Document(String template, String text) {
    /** Checks the parts. */
    public Document {
      Objects.requireNonNull(template, "template");
      Objects.requireNonNull(text, "text");
    }
  }

  /**
   * A chart and what it is rendered with.
   *
   * @param chart the files of the chart, {@code Chart.yaml} at the root. Links have no effect
   * @param label what messages call the chart, such as {@code charts/web}
   * @param values the text of a values file that goes over the chart's own values; empty for none
   * @param kubernetesVersion the version templates see, such as {@code v1.28.3}; empty for the
   *     renderer's own
   * @param apiVersions what templates are told the cluster has beside the built-in versions, such
   *     as {@code monitoring.coreos.com/v1} or {@code monitoring.coreos.com/v1/ServiceMonitor}
   * @param timeout how long it may take
   */
  record Request(
      FileTree chart,
      String label,
      Optional<String> values,
      Optional<String> kubernetesVersion,
      List<String> apiVersions,
      Duration timeout) {
    /** Checks and copies the parts. */
    public Request {
      Objects.requireNonNull(chart, "chart");
      Objects.requireNonNull(label, "label");
      Objects.requireNonNull(values, "values");
      Objects.requireNonNull(kubernetesVersion, "kubernetesVersion");
      apiVersions = List.copyOf(apiVersions);
      Objects.requireNonNull(timeout, "timeout");
    }
  }
}
