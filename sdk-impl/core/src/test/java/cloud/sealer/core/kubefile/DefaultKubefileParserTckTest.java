package cloud.sealer.core.kubefile;

import cloud.sealer.sdk.spi.KubefileParser;
import cloud.sealer.testkit.tck.KubefileParserTck;

class DefaultKubefileParserTckTest extends KubefileParserTck {
  @Override
  protected KubefileParser parser() {
    return new DefaultKubefileParser();
  }
}
