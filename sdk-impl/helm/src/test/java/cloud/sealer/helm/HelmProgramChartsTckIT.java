package cloud.sealer.helm;

import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.testkit.tck.ChartRendererTck;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class HelmProgramChartsTckIT extends ChartRendererTck {
  @TempDir static Path directory;
  private static Path program;

  @BeforeAll
  static void install() throws Exception {
    Engine.assumeThere();
    program = HelmCommand.in(directory);
  }

  @Override
  protected ChartRenderer renderer() {
    return new HelmProgramRenderer(program);
  }
}
