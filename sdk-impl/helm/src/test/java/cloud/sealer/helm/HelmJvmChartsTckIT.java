package cloud.sealer.helm;

import cloud.sealer.sdk.spi.ChartRenderer;
import cloud.sealer.testkit.tck.ChartRendererTck;

class HelmJvmChartsTckIT extends ChartRendererTck {
  @Override
  protected ChartRenderer renderer() {
    return new HelmJvmRenderer();
  }
}
