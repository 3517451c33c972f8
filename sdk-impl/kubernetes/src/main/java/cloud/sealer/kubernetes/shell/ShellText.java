package cloud.sealer.kubernetes.shell;

import cloud.sealer.sdk.Host;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Quotes words and variables for a POSIX shell, in which nothing of them is then special. */
public final class ShellText {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private ShellText() {}

  /**
   * One word.
   *
   * @param word any text without NUL
   * @return a text that the shell reads as exactly this word
   */
  public static String quote(String word) {
    if (word.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a word of a command must not contain NUL");
    }
    return SAFE.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** A command: the words with blanks between, each quoted as it needs. */
  public static String command(Collection<String> words) {
    return words.stream().map(ShellText::quote).collect(Collectors.joining(" "));
  }

  /**
   * Variables as a process sees them. A variable has one text there: the values of one with several
   * have a blank between, so that {@code for x in $NAME} takes one after the other.
   *
   * @param env names and values
   * @return names and texts, sorted; without those that are no names for a shell
   */
  public static Map<String, String> environment(Map<String, List<String>> env) {
    Map<String, String> environment = new TreeMap<>();
    env.forEach(
        (name, values) -> {
          if (NAME.matcher(name).matches()) {
            environment.put(name, String.join(" ", values));
          }
        });
    return environment;
  }

  /**
   * The variables of a host: its own, and those that a run adds, which give way.
   *
   * @param host the host
   * @param added names and values; {@code HostIP} is added to them
   */
  public static Map<String, List<String>> variables(Host host, Map<String, String> added) {
    Map<String, List<String>> variables = new TreeMap<>();
    variables.put("HostIP", List.of(host.address().host()));
    added.forEach((name, value) -> variables.put(name, List.of(value)));
    variables.putAll(host.env());
    return variables;
  }

  /**
   * Lines that set and export variables, so that child processes see them.
   *
   * @param env names and values, as {@link #environment} takes them
   * @return one line for each, sorted
   */
  public static String exports(Map<String, List<String>> env) {
    StringBuilder lines = new StringBuilder();
    environment(env)
        .forEach(
            (name, value) ->
                lines.append("export ").append(name).append('=').append(quote(value)).append('\n'));
    return lines.toString();
  }
}
