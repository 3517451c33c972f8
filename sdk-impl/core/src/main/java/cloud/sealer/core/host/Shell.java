package cloud.sealer.core.host;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/** Shell text. */
final class Shell {
  /** Where programs are looked for beside what the host's own path has. */
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Reads the script: lines up to one that is the token are dropped, such as a password that nobody
   * asked for; those up to the next are executed, if the next comes. Without single quotes,
   * backslashes that any shell would touch, and line ends.
   */
  private static final String READ =
      "sealer_l=; while IFS= read -r sealer_l && [ \"$sealer_l\" != \"$SEALER_EXEC\" ]; do :; done;"
          + " sealer_n=$(printf \"\\n"
          + "x\"); sealer_n=${sealer_n%x}; sealer_s=; while IFS= read -r sealer_l && ["
          + " \"$sealer_l\" != \"$SEALER_EXEC\" ]; do sealer_s=\"$sealer_s$sealer_l$sealer_n\";"
          + " done; [ \"$sealer_l\" = \"$SEALER_EXEC\" ] || exit 125; eval \"$sealer_s\"";

  /** Prints the pieces that {@link Frames} writes; fails if the last one does not come. */
  static final String INPUT =
      "sealer_input() { while IFS= read -r sealer_l; do [ \"$sealer_l\" = 0 ] && return 0; "
          + "dd bs=\"$sealer_l\" count=1 iflag=fullblock status=none || return 1; done; "
          + "echo 'the input ended early' >&2; return 1; }\n";

  private Shell() {}

  /** A text that occurs nowhere else. */
  static String token() {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** One word with exactly this text. */
  static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /** The line that prints the token and then executes the script it reads. */
  static String line(String token) {
    return "env SEALER_EXEC=" + token + " sh -c 'echo \"$SEALER_EXEC\"; " + READ + "'";
  }

  /** What {@link #line} has to read before the command's own input. */
  static byte[] script(String token, String script) {
    return (token + "\n" + script + "\n" + token + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** What comes before the text of a command. */
  static String preamble(String directory, Map<String, String> environment) {
    StringBuilder text = new StringBuilder("unset sealer_l sealer_n sealer_s\numask 022\n");
    text.append("export PATH=\"$PATH:").append(PATH).append("\"\n");
    text.append("cd ").append(quote(directory)).append(" || exit 125\n");
    environment.forEach(
        (name, value) ->
            text.append("export ").append(name).append('=').append(quote(value)).append('\n'));
    return text.toString();
  }
}
