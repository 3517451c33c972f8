package cloud.sealer.core.discovery;

import cloud.sealer.sdk.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The user's patterns for images to leave out. A pattern matches the full or the short name, with
 * or without its digest; {@code *} stands for any text. A pattern that is itself a name matches
 * every spelling of it: {@code nginx} matches {@code docker.io/library/nginx:latest}.
 */
final class Exclusions {
  private final Map<String, Pattern> patterns = new LinkedHashMap<>();

  Exclusions(List<String> exclusions) {
    for (String exclusion : exclusions) {
      List<String> spellings = new ArrayList<>(List.of(exclusion.strip()));
      ImageText name = ImageText.of(exclusion);
      if (name.reference() != null) {
        spellings.add(name.reference().toString());
      }
      String regex = spellings.stream().map(Exclusions::glob).collect(Collectors.joining("|"));
      patterns.put(exclusion, Pattern.compile(regex, Pattern.DOTALL));
    }
  }

  private static String glob(String text) {
    return Stream.of(text.split("\\*+", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
  }

  /** The first pattern that matches an image. */
  Optional<String> match(Reference image) {
    String full = image.toString();
    String familiar = image.familiar(Reference.Defaults.DOCKER);
    return match(List.of(full, familiar, withoutDigest(full), withoutDigest(familiar)));
  }

  /** The first pattern that matches a text that may be no image. */
  Optional<String> match(String text) {
    ImageText image = ImageText.of(text);
    Optional<String> match = match(List.of(text));
    return match.isEmpty() && image.reference() != null ? match(image.reference()) : match;
  }

  private Optional<String> match(List<String> names) {
    return patterns.entrySet().stream()
        .filter(entry -> names.stream().anyMatch(name -> entry.getValue().matcher(name).matches()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static String withoutDigest(String name) {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }
}
