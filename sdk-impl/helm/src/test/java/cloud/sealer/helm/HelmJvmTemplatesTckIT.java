package cloud.sealer.helm;

import cloud.sealer.sdk.spi.TemplateRenderer;
import cloud.sealer.testkit.tck.TemplateRendererTck;

class HelmJvmTemplatesTckIT extends TemplateRendererTck {
  @Override
  protected TemplateRenderer renderer() {
    return new HelmJvmRenderer();
  }
}
