package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.ImageDiscoverer;

/**
 * Turns what is found inside a text into suspicions at the place of the text, because whether
 * anyone reads the text that way cannot be known.
 *
 * @param sink where they go
 * @param origin the place of the text
 * @param reason why they are no more than suspected
 */
record Suspicions(ImageDiscoverer.Sink sink, ImageOrigin origin, String reason)
    implements ImageDiscoverer.Sink {
  @Override
  public void found(Reference image, ImageOrigin inner) {
    sink.suspected(image.familiar(Reference.Defaults.DOCKER), origin, reason);
  }

  @Override
  public void suspected(String text, ImageOrigin inner, String why) {
    sink.suspected(text, origin, reason);
  }

  @Override
  public void unresolved(String text, ImageOrigin inner, String why) {
    ImageText.Kind kind = ImageText.of(text).kind();
    if (kind == ImageText.Kind.TEMPLATE) {
      sink.suspected(text, origin, reason);
    }
  }
}
