package cloud.sealer.core.discovery;

import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.testkit.tck.ImageDiscovererTck;
import java.util.Map;
import java.util.Set;

class ManifestDiscovererTckTest extends ImageDiscovererTck {
  @Override
  protected ImageDiscoverer discoverer() {
    return new ManifestDiscoverer();
  }

  @Override
  protected Map<String, String> files() {
    return Map.of(
        "manifests/pod.yaml",
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: x}
        spec:
          containers:
          - image: nginx:1.21
          - image: example.com/a/b:2
        """);
  }

  @Override
  protected Set<String> images() {
    return Set.of("nginx:1.21", "example.com/a/b:2");
  }
}
