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
  private final Parameters parameters;
  private final Map<String, String> owners = new HashMap<>();
  private final List<String> ignored = new ArrayList<>();
  private final List<String> doubted = new ArrayList<>();

  Reports(ImageDiscoverer.Sink sink, Parameters parameters) {
    this.sink = sink;
    this.parameters = parameters;
  }

  /** Takes a place for a rule; false if it belongs to another one or is ignored. */
  boolean claim(Place place, String rule) {
    return claim(place.path(), rule);
  }

  private boolean claim(String path, String rule) {
    if (isBelow(path, ignored)) {
      return false;
    }
    String owner = owners.putIfAbsent(path, rule);
    return owner == null || owner.equals(rule);
  }

  private static boolean isBelow(String path, List<String> trees) {
    for (String tree : trees) {
      boolean below =
          path.length() > tree.length() && ".[".indexOf(path.charAt(tree.length())) >= 0;
      if (path.startsWith(tree) && (below || path.length() == tree.length())) {
        return true;
      }
    }
    return false;
  }

  /** Drops what is reported of a place and all below it from now on. */
  void ignore(Place place) {
    ignored.add(place.path());
  }

  /**
   * Takes what is reported of a place and all below it from now on for no more than suspected, and
   * drops variables there.
   */
  void doubt(Place place) {
    doubted.add(place.path());
  }

  @Override
  public void found(Reference image, ImageOrigin origin) {
    if (!claim(origin.path(), origin.rule())) {
      return;
    }
    if (isBelow(origin.path(), doubted)) {
      sink.suspected(
          image.familiar(Reference.Defaults.DOCKER), origin, "only if its rule is applied");
    } else {
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
    ImageText image = ImageText.of(parameters.resolve(text));
    if (image.reference() != null && !image.text().equals(text)) {
      found(image.reference(), origin);
    } else if (claim(origin.path(), origin.rule()) && !isBelow(origin.path(), doubted)) {
      sink.unresolved(text, origin, reason);
    }
  }

  @Override
  public void notice(String message) {
    sink.notice(message);
  }
}
