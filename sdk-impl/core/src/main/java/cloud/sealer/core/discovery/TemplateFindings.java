package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.Set;

/**
 * Passes on what is found in a template beyond the lines that are already reported, with the
 * actions back in their places.
 *
 * @param sink where it goes
 * @param template the template
 * @param lines the lines that are reported already
 */
record TemplateFindings(ImageDiscoverer.Sink sink, TemplateText template, Set<Integer> lines)
    implements ImageDiscoverer.Sink {
  @Override
  public void found(Reference image, ImageOrigin origin) {
    if (!lines.contains(origin.line())) {
      sink.found(image, restored(origin));
    }
  }

  @Override
  public void suspected(String text, ImageOrigin origin, String reason) {
    if (!lines.contains(origin.line())) {
      sink.suspected(template.restore(text), restored(origin), template.restore(reason));
    }
  }

  @Override
  public void unresolved(String text, ImageOrigin origin, String reason) {
    if (!lines.contains(origin.line())) {
      sink.unresolved(template.restore(text), restored(origin), template.restore(reason));
    }
  }

  private ImageOrigin restored(ImageOrigin origin) {
    return new ImageOrigin(
        origin.file(),
        origin.document(),
        template.restore(origin.object()),
        template.restore(origin.path()),
        origin.line(),
        origin.rule());
  }
}
