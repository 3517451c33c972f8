package cloud.sealer.helm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.sdk.spi.FileTree;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.io.IOUtils;

/** What the tests with the real engine share. */
final class Engine {
  /** A chart that takes minutes. */
  static final FileTree ENDLESS =
      Charts.tree(
          Map.of(
              "Chart.yaml",
              Charts.chart("web"),
              "templates/x.yaml",
              "{{ range until 30000 }}{{ range until 30000 }}{{ end }}{{ end }}"));

  private Engine() {}

  static void assumeThere() {
    String reason = new HelmJvmRenderer().unavailable().orElse("");
    assumeTrue(reason.isEmpty(), reason);
  }

  /**
   * The class path of a program that renders charts; ours is not known to the system under every
   * runner.
   */
  static String classPath(Path directory) throws URISyntaxException {
    List<String> paths = new ArrayList<>();
    for (Class<?> one :
        List.of(
            Engine.class,
            HelmJvmRenderer.class,
            SealerException.class,
            ObjectMapper.class,
            JsonParser.class,
            JsonProperty.class,
            TarArchiveInputStream.class,
            IOUtils.class)) {
      paths.add(
          Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
    }
    paths.add(new ChildClassPath(Engine.class.getClassLoader()).value(directory));
    return String.join(File.pathSeparator, paths);
  }

  static ChartRenderer.Request request(FileTree chart) {
    return request(chart, "", "", Duration.ofSeconds(60));
  }

  static ChartRenderer.Request request(
      FileTree chart, String values, String kubernetesVersion, Duration timeout, String... api) {
    return new ChartRenderer.Request(
        chart,
        "charts/web",
        Optional.of(values),
        Optional.of(kubernetesVersion).filter(version -> !version.isEmpty()),
        List.of(api),
        timeout);
  }
}
