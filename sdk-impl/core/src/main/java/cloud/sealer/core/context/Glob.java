package cloud.sealer.core.context;

import java.util.regex.Pattern;

/**
 * A file pattern by Docker's rules, which are those of Go's {@code filepath.Match} with {@code **}
 * added.
 *
 * <p>{@code *} is any run of characters within one element, {@code ?} one of them, {@code [a-c]}
 * and {@code [^a-c]} one of a class, {@code **} any number of elements, and a backslash takes the
 * next character as it is.
 */
final class Glob {
  private static final String WILDCARDS = "*?[";

  private final String text;
  private final StringBuilder regex = new StringBuilder();
  private int at;
  private final Pattern pattern;

  private Glob(String text) {
    this.text = text;
    while (at < text.length()) {
      element();
    }
    // DOTALL because a file name may hold a line feed
    this.pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  /**
   * Reads a pattern.
   *
   * @throws IllegalArgumentException if a class is not closed or empty, or a backslash stands at
   *     the end
   */
  static Glob compile(String text) {
    return new Glob(text);
  }

  /** Whether the text is more than a plain path. */
  static boolean hasWildcard(String text) {
    return text.chars().anyMatch(c -> WILDCARDS.indexOf(c) >= 0);
  }

  boolean matches(String path) {
    return pattern.matcher(path).matches();
  }

  private void element() {
    char c = text.charAt(at++);
    switch (c) {
      case '*' -> star();
      case '?' -> regex.append("[^/]");
      case '[' -> characterClass();
      case '\\' -> literal(escaped());
      default -> {
        at--;
        literal(next());
      }
    }
  }

  private void star() {
    if (!text.startsWith("*", at)) {
      regex.append("[^/]*");
      return;
    }
    boolean first = at == 1;
    at++;
    boolean slash = text.startsWith("/", at);
    if (slash) {
      at++;
    }
    if (at == text.length()) {
      regex.append(".*");
    } else if (first && !slash && isLiteral(text.substring(at))) {
      // Docker compares the end of the whole path here, so that **.md is every name that ends so
      regex.append(".*");
    } else {
      regex.append("(?:.*/)?");
    }
  }

  private static boolean isLiteral(String rest) {
    return !hasWildcard(rest) && rest.indexOf('\\') < 0 && rest.indexOf(']') < 0;
  }

  private void characterClass() {
    regex.append("(?!/)[");
    if (text.startsWith("^", at)) {
      regex.append('^');
      at++;
    }
    int members = 0;
    while (members == 0 || !text.startsWith("]", at)) {
      int low = classMember();
      int high = low;
      if (text.startsWith("-", at)) {
        at++;
        high = classMember();
      }
      if (high < low) {
        throw bad("the range of a [...] runs backwards");
      }
      regex.append(String.format("\\x{%x}-\\x{%x}", low, high));
      members++;
    }
    at++;
    regex.append(']');
  }

  private int classMember() {
    if (at >= text.length()) {
      throw bad("a [...] is not closed");
    }
    char c = text.charAt(at);
    if (c == '-' || c == ']') {
      throw bad("a [...] is empty or has a misplaced \"" + c + "\"");
    }
    if (c == '\\') {
      at++;
      return escaped();
    }
    return next();
  }

  private int escaped() {
    if (at >= text.length()) {
      throw bad("a backslash stands at the end");
    }
    return next();
  }

  private int next() {
    int c = text.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private void literal(int c) {
    regex.append(String.format("\\x{%x}", c));
  }

  private IllegalArgumentException bad(String why) {
    return new IllegalArgumentException("bad pattern \"" + text + "\": " + why);
  }
}
