package cloud.sealer.sdk;

import java.util.List;
import java.util.Objects;

/**
 * What a build does with what image discovery is not sure of.
 *
 * @param suspected what to do about texts that look like images
 * @param unresolved what to do about places that must name an image but do not resolve to one
 * @param additions images to collect beside the found ones
 * @param exclusions images to leave out: full or short names, in which {@code *} stands for any
 *     text
 */
public record DiscoveryPolicy(
    Action suspected, Action unresolved, List<Reference> additions, List<String> exclusions) {
  /** Suspected texts are reported, unresolved ones fail the build. */
  public static final DiscoveryPolicy DEFAULT =
      new DiscoveryPolicy(Action.WARN, Action.FAIL, List.of(), List.of());

  /** What to do about a class of findings. */
  public enum Action {
    /** The build fails and lists them. */
    FAIL,
    /** The build goes on and sends a notice for each. */
    WARN,
    /** The build goes on; the report has them. */
    ACCEPT
  }

  /** Checks and copies the parts. */
  public DiscoveryPolicy {
    Objects.requireNonNull(suspected, "suspected");
    Objects.requireNonNull(unresolved, "unresolved");
    additions = List.copyOf(additions);
    exclusions = List.copyOf(exclusions);
  }
}
