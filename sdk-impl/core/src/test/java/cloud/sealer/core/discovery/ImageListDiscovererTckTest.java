package cloud.sealer.core.discovery;

import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.testkit.tck.ImageDiscovererTck;
import java.util.Map;
import java.util.Set;

class ImageListDiscovererTckTest extends ImageDiscovererTck {
  @Override
  protected ImageDiscoverer discoverer() {
    return new ImageListDiscoverer();
  }

  @Override
  protected Map<String, String> files() {
    return Map.of("manifests/imageList", "nginx:1.21\n# comment\nexample.com/a/b:2\n");
  }

  @Override
  protected Set<String> images() {
    return Set.of("nginx:1.21", "example.com/a/b:2");
  }
}
