package cloud.sealer.kubernetes.record;

import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The undo journal of a host: for each change a shell script that takes it back, written before the
 * change is made. Replaying it backwards leaves the host as it was, without this library, the
 * image, or an API server.
 *
 * <p>Noting the same thing twice keeps the first note: a step that is executed again does not take
 * its own file for the one that was there before.
 */
public final class Journal {
  private static final Pattern SHALLOW = Pattern.compile("/+[^/]*/*");

  private static final String NOTE =
      """
      mkdir -p "$ROOT" && umask 077 && mkdir -p "$UNDO" || exit 1
      for entry in "$UNDO"/*-"$KEY".sh; do [ -e "$entry" ] && exit 0; done
      if [ -n "$SAVE" ] && { [ -e "$SAVE" ] || [ -L "$SAVE" ]; }; then
        rm -rf "$UNDO/$KEY.new" && cp -a "$SAVE" "$UNDO/$KEY.new" &&
          rm -rf "$UNDO/$KEY.saved" && mv "$UNDO/$KEY.new" "$UNDO/$KEY.saved" || exit 1
      fi
      last=$(ls "$UNDO" | sed -n 's/^1\\([0-9]*\\)-.*\\.sh$/1\\1/p' | tail -n 1)
      cat >"$UNDO/entry.new" && mv "$UNDO/entry.new" "$UNDO/$((${last:-1000000} + 1))-$KEY.sh"
      """;

  private static final String RESTORE =
      """
      rm -rf -- "$TARGET"
      [ ! -e "$SAVED" ] && [ ! -L "$SAVED" ] || cp -a "$SAVED" "$TARGET"
      """;

  private static final String LAST =
      """
      ls "$UNDO" 2>/dev/null | sed -n 's/^\\(1[0-9]*\\)-.*\\.sh$/\\1/p' | tail -n 1
      """;

  private static final String REPLAY =
      """
      cd /
      failed=0
      for entry in $(ls "$UNDO" 2>/dev/null | grep '^1[0-9]*-.*\\.sh$' | sort -r); do
        [ "${entry%%-*}" -gt "$AFTER" ] || continue
        if sh -e "$UNDO/$entry" </dev/null; then
          key=${entry#*-}
          rm -rf "$UNDO/$entry" "$UNDO/${key%.sh}.saved"
        else
          echo "not undone: $(sed -n '1s/^# //p' "$UNDO/$entry")" >&2
          failed=1
        fi
      done
      exit $failed
      """;

  private static final Duration REPLAY_LIMIT = Duration.ofMinutes(30);

  private final HostSession session;
  private final HostPaths paths;
  private final String step;

  /**
   * The journal of a host.
   *
   * @param session the host
   * @param paths where it is
   * @param step the step that takes notes, for whoever reads the scripts
   */
  public Journal(HostSession session, HostPaths paths, String step) {
    this.session = session;
    this.paths = paths;
    this.step = step;
  }

  /**
   * Notes how to undo a change that is about to be made.
   *
   * @param what the change in a few words, on one line, without secrets
   * @param script a shell text, executed by {@code sh -e} as root in the root directory; must
   *     succeed also if the change was never made, or is undone already
   */
  public void undo(String what, String script) {
    note(what, "", script + "\n");
  }

  /**
   * Notes what is at a path, before it is made, changed or removed: undoing puts it back, or
   * removes what was made there.
   *
   * @param path the absolute path of a file, link or directory, not {@code /} or one right below it
   */
  public void file(String path) {
    if (!path.startsWith("/")
        || SHALLOW.matcher(path).matches()
        || List.of(path.split("/")).contains("..")) {
      throw new IllegalArgumentException("not a path to be noted for removal: \"" + path + "\"");
    }
    String key = key("file " + path);
    note(
        "file " + path,
        path,
        "TARGET="
            + ShellText.quote(path)
            + "\nSAVED="
            + ShellText.quote(paths.undo() + "/" + key + ".saved")
            + "\n"
            + RESTORE);
  }

  /**
   * Writes a file, after noting what was there.
   *
   * @param path the absolute path
   * @param mode its permission bits
   * @param text its content, in UTF-8
   */
  public void write(String path, int mode, String text) {
    file(path);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    session.upload(path, mode, () -> new ByteArrayInputStream(bytes));
  }

  /**
   * Sets a block of lines in a text file that others edit too, such as {@code /etc/hosts}. The
   * block stands between two marks; one of the same name is replaced, and undoing removes it.
   *
   * @param path the absolute path; made if missing
   * @param name the name of the block within the cluster: letters, digits, dots and dashes
   * @param lines the lines
   */
  public void block(String path, String name, List<String> lines) {
    ManagedBlock block = new ManagedBlock(path, paths.cluster(), name);
    undo("block " + name + " of " + path, block.removal());
    HostCommand command = block.replacement(lines);
    HostSession.ExitStatus status = session.exec(command, HostOutput.NONE);
    if (!status.ok()) {
      throw failed("cannot write the block " + name + " of " + path, status);
    }
  }

  /** The number of the last entry; 0 if there is none. */
  public static int last(HostSession session, HostPaths paths) {
    String number =
        Commands.exec(
            session,
            HostCommand.builder(LAST)
                .title("look at the undo journal")
                .environment("UNDO", paths.undo())
                .build());
    return number.isBlank() ? 0 : Integer.parseInt(number.strip());
  }

  /**
   * Undoes, newest first, and forgets what it undid. An entry that fails stays and does not keep
   * the others from being undone.
   *
   * @param after the number of the last entry not to be undone; 0 to undo all
   * @param lines hears of what the scripts print
   * @throws SealerException with {@link ErrorCode#COMMAND_FAILED} that names the entries that
   *     failed
   */
  public static void replay(
      HostSession session, HostPaths paths, int after, Consumer<String> lines) {
    Commands.exec(
        session,
        HostCommand.builder(REPLAY)
            .title("undo what was done")
            .environment("UNDO", paths.undo())
            .environment("AFTER", Integer.toString(after))
            .timeout(REPLAY_LIMIT)
            .build(),
        lines);
  }

  private void note(String what, String save, String script) {
    byte[] bytes =
        ("# " + line(step) + ": " + line(what) + "\n" + script).getBytes(StandardCharsets.UTF_8);
    FileTree.Content content = () -> new ByteArrayInputStream(bytes);
    HostSession.ExitStatus status =
        session.exec(
            HostCommand.builder(NOTE)
                .title("note how to undo: " + line(what))
                .environment("ROOT", paths.root())
                .environment("UNDO", paths.undo())
                .environment("KEY", key(save.isEmpty() ? script : "file " + save))
                .environment("SAVE", save)
                .stdin(content)
                .build(),
            HostOutput.NONE);
    if (!status.ok()) {
      throw failed("cannot note how to undo: " + line(what), status);
    }
  }

  private SealerException failed(String what, HostSession.ExitStatus status) {
    return SealerException.builder(
            ErrorCode.HOST_IO, session.host().address() + ": " + what + ": " + status)
        .remedy("check free space and permissions below " + paths.root())
        .detail("host", session.host().address())
        .build();
  }

  private static String key(String text) {
    return Fingerprint.of(text).substring(0, 16);
  }

  private static String line(String text) {
    return text.replace('\n', ' ').replace('\r', ' ');
  }
}
