package cloud.sealer.core.store;

import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.testkit.tck.LayerStoreTck;
import java.nio.file.Path;

class OciLayerStoreTckIT extends LayerStoreTck {
  @Override
  protected LayerStore open(Path directory) {
    return new OciLayerStore(directory);
  }
}
