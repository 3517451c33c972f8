package cloud.sealer.core.discovery;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where objects of a kind name images: one entry of a rules file.
 *
 * @param group the API group; empty for any
 * @param kinds the kinds; empty for all of the group
 * @param name what the name of the object looks like; null for any
 * @param at where the paths start; null for the object itself
 * @param images for each image its spellings, of which the first that the object has in full counts
 * @param ignored paths below which no rule looks
 * @param doubted paths below which everything is no more than suspected
 * @param hidden what images a controller chooses where none of the spellings is used; empty if it
 *     chooses none
 * @param mention what else is told; null for nothing
 */
record ImageRule(
    String group,
    List<String> kinds,
    @Nullable Pattern name,
    @Nullable RulePath at,
    List<List<ImageTemplate>> images,
    List<RulePath> ignored,
    List<RulePath> doubted,
    String hidden,
    @Nullable Mention mention) {
  /**
   * What names images that stand nowhere here, such as a chart to be fetched: a user is told of it,
   * where none of the spellings is used.
   *
   * @param paths for each such thing its paths, of which the first that leads to a value counts
   * @param like what the value looks like; empty for anything
   * @param because why its images are not known, as half a sentence
   */
  record Mention(List<List<RulePath>> paths, List<Pattern> like, String because) {
    boolean isLike(String text) {
      return like.isEmpty() || like.stream().anyMatch(pattern -> pattern.matcher(text).matches());
    }
  }

  /** Whether it says nothing. */
  boolean isEmpty() {
    return images.isEmpty()
        && ignored.isEmpty()
        && doubted.isEmpty()
        && hidden.isEmpty()
        && mention == null;
  }

  boolean matches(Place.KubeObject object, String objectName) {
    return (group.isEmpty() || group.equals(object.group()))
        && (kinds.isEmpty() || kinds.contains(object.kind()))
        && (name == null || name.matcher(objectName).matches());
  }
}
