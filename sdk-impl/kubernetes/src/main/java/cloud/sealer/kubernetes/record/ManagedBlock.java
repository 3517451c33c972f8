package cloud.sealer.kubernetes.record;

import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.spi.HostCommand;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Some lines of a text file that are ours, between two marks. The rest of the file is not touched.
 */
final class ManagedBlock {
  private static final String WITHOUT =
      """
      rest=$(awk -v begin="$BEGIN" -v end="$END" '
        $0 == begin { ours = 1 } !ours { print } $0 == end { ours = 0 }' "$FILE"; echo .)
      rest=${rest%.}
      """;

  // Where the file itself is mounted, as /etc/hosts in containers, nothing can be renamed over it.
  private static final String REPLACE =
      """
      real=$(readlink -f "$FILE")
      cp -p "$real" "$real.sealer"
      printf '%s%s' "$rest" "$block" >"$real.sealer"
      mv -f "$real.sealer" "$real" 2>/dev/null || {
        cat "$real.sealer" >"$real"
        rm -f "$real.sealer"
      }
      """;

  private final String file;
  private final String begin;
  private final String end;

  ManagedBlock(String file, String cluster, String name) {
    if (!name.matches("[A-Za-z0-9.-]+")) {
      throw new IllegalArgumentException("bad name of a block: \"" + name + "\"");
    }
    this.file = file;
    this.begin = "# BEGIN sealer " + cluster + " " + name;
    this.end = "# END sealer " + cluster + " " + name;
  }

  /** Sets the block, at the end of the file. */
  HostCommand replacement(List<String> lines) {
    String text = begin + "\n" + String.join("\n", lines) + "\n" + end + "\n";
    if (text.chars().filter(c -> c == '\n').count() != lines.size() + 2) {
      throw new IllegalArgumentException("a line of a block has a line end");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return HostCommand.builder(
            "set -e\n[ -e \"$FILE\" ] || : >\"$FILE\"\nblock=$(cat; echo .)\nblock=${block%.}\n"
                + WITHOUT
                + REPLACE)
        .title("set a block of " + file)
        .environment("FILE", file)
        .environment("BEGIN", begin)
        .environment("END", end)
        .stdin(() -> new ByteArrayInputStream(bytes))
        .build();
  }

  /** A script that removes the block. */
  String removal() {
    return "FILE="
        + ShellText.quote(file)
        + "\nBEGIN="
        + ShellText.quote(begin)
        + "\nEND="
        + ShellText.quote(end)
        + "\n[ -e \"$FILE\" ] || exit 0\ngrep -qxF \"$BEGIN\" \"$FILE\" || exit 0\n"
        + WITHOUT
        + "block=\n"
        + REPLACE;
  }
}
