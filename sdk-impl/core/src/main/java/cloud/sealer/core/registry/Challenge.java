package cloud.sealer.core.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One way to authenticate that a {@code WWW-Authenticate} header offers (RFC 9110, section 11.6.1).
 * A header may hold several, and a quoted parameter may hold commas, so the header cannot simply be
 * split.
 *
 * @param scheme in lower case, such as {@code bearer}
 * @param parameters by name in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern PARAMETER =
      Pattern.compile("\\G(" + TOKEN + ")\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]*))");
  private static final Pattern SCHEME = Pattern.compile("\\G(" + TOKEN + ")(?=[\\s,]|$)");
  private static final Pattern SEPARATOR = Pattern.compile("\\G[\\s,]+");
  private static final Pattern REST = Pattern.compile("\\G[^\\s,]+");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isEmpty());
  }

  /** All challenges of all headers, in order. What cannot be understood is left out. */
  static List<Challenge> parse(List<String> headers) {
    List<Challenge> challenges = new ArrayList<>();
    headers.forEach(header -> parse(header, challenges));
    return challenges;
  }

  private static void parse(String header, List<Challenge> challenges) {
    Matcher matcher = SEPARATOR.matcher(header);
    String scheme = null;
    Map<String, String> parameters = new LinkedHashMap<>();
    int at = 0;
    while (at < header.length()) {
      if (found(matcher, SEPARATOR, at)) {
        at = matcher.end();
      } else if (found(matcher, PARAMETER, at)) {
        String quoted = matcher.group(2);
        String value = quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1");
        parameters.putIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), value);
        at = matcher.end();
      } else if (found(matcher, SCHEME, at)) {
        if (scheme != null) {
          challenges.add(new Challenge(scheme, parameters));
        }
        scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        parameters.clear();
        at = matcher.end();
      } else {
        at = found(matcher, REST, at) ? matcher.end() : header.length();
      }
    }
    if (scheme != null) {
      challenges.add(new Challenge(scheme, parameters));
    }
  }

  private static boolean found(Matcher matcher, Pattern pattern, int at) {
    return matcher.usePattern(pattern).find(at);
  }
}
