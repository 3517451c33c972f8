package cloud.sealer.helm;

import cloud.sealer.sdk.spi.TemplateRenderer;
import cloud.sealer.testkit.tck.TemplateRendererTck;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class HelmProgramTemplatesTckIT extends TemplateRendererTck {
  @TempDir static Path directory;
  private static Path program;

  @BeforeAll
  static void install() throws Exception {
    Engine.assumeThere();
    program = HelmCommand.in(directory);
  }

  @Override
  protected TemplateRenderer renderer() {
    return new HelmProgramRenderer(program);
  }
}
