package cloud.sealer.core.discovery;

import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the rules report of one document. Each place belongs to the first rule that reports or
 * claims it, so that no value is reported twice and an exact rule wins over a guess.
 */
final class Reports implements ImageDiscoverer.Sink {
  private final ImageDiscoverer.Sink sink;
  private final Map<String, String> owners = new HashMap<>();
  private final List<String> ignored = new ArrayList<>();

  Reports(ImageDiscoverer.Sink sink) {
    this.sink = sink;
  }

  /** Takes a place for a rule; false if it belongs to another one or is ignored. */
  boolean claim(Place place, String rule) {
    return claim(place.path(), rule);
  }

  private boolean claim(String path, String rule) {
    for (String tree : ignored) {
      boolean below =
          path.length() > tree.length() && ".[".indexOf(path.charAt(tree.length())) >= 0;
      if (path.startsWith(tree) && (below || path.length() == tree.length())) {
        return false;
      }
    }
    String owner = owners.putIfAbsent(path, rule);
    return owner == null || owner.equals(rule);
  }

  /** Drops what is reported of a place and all below it from now on. */
  void ignore(Place place) {
    ignored.add(place.path());
  }

  @Override
  public void found(Reference image, ImageOrigin origin) {
    if (claim(origin.path(), origin.rule())) {
      sink.found(image, origin);
    }
  }

  @Override
  public void suspected(String text, ImageOrigin origin, String reason) {
    if (claim(origin.path(), origin.rule())) {
      sink.suspected(text, origin, reason);
    }
  }

  @Override
  public void unresolved(String text, ImageOrigin origin, String reason) {
    if (claim(origin.path(), origin.rule())) {
      sink.unresolved(text, origin, reason);
    }
  }

  @Override
  public void notice(String message) {
    sink.notice(message);
  }
}
