package cloud.sealer.core.run;

/**
 * The shell around a command. Everything happens in the scratch directory, by short relative names,
 * so that no path needs escaping.
 */
final class ShellScripts {
  /** Holds the text of the command. */
  static final String COMMAND = "command";

  /** Appears when the view is ready and the command is about to start. */
  static final String STARTED = "started";

  /** Receives the exit status. */
  static final String STATUS = "status";

  /** A link to the rootfs. */
  static final String LOWER = "lower";

  /** What the overlay writes to. */
  static final String UPPER = "upper";

  /** The overlay's own files. */
  static final String WORK = "work";

  /** Where the overlay is mounted. */
  static final String MERGED = "merged";

  /** The home directory of the command. */
  static final String HOME = "home";

  /**
   * Gives the rest its own session, so that a signal to its process group reaches nothing else.
   * Without setsid, signals to the group find none, and processes are ended one by one.
   */
  static final String SESSION =
      """
      command -v setsid >/dev/null 2>&1 && exec setsid /bin/sh -c "$@"
      exec /bin/sh -c "$@"
      """;

  /**
   * Runs the command line given as arguments while a watcher sends the process group every signal
   * named on standard input, and SIGKILL at its end: so the group ends with the JVM, however that
   * ends. The group is also killed when the command is done, after its status is saved. This shell
   * survives SIGTERM, to wait for the command; the command itself has the default handler again.
   */
  static final String SUPERVISE =
      """
      exec 3<&0 </dev/null
      { trap '' TERM
        while read -r signal; do kill -s "$signal" -- "-$$"; done <&3
        kill -s KILL -- "-$$"
      } >/dev/null 2>&1 &
      exec 3<&-
      trap : TERM
      "$@"
      echo $? >status
      { kill -s KILL -- "-$$" || kill -s KILL "$!"; } >/dev/null 2>&1
      exit 0
      """;

  /**
   * Makes the view and runs the command in it. This shell stays as parent of the command's: it is
   * process 1 of the namespace, and a process 1 ignores signals that others die of. Its current
   * directory never changes, so it also names a view whose path has a colon and cannot be on PATH.
   * Mounting /proc is a service to the command, not worth failing for.
   */
  static final String VIEW =
      """
      trap : TERM
      umask 022
      if [ "$1" = merged ]; then
        mount -i -n -t proc proc /proc 2>/dev/null
        mount -i -n -t overlay overlay \
          -o lowerdir=lower,upperdir=upper,workdir=work,userxattr,index=off merged || exit 1
      fi
      set -- "$1" "$(cat command)" && : >started && cd -P "$1" || exit 1
      unset OLDPWD
      case $PWD in
        *:*) PATH=/proc/$$/cwd/bin:$PATH ;;
        *) PATH=$PWD/bin:$PATH ;;
      esac
      /bin/sh -c "$2"
      exit $?
      """;

  private ShellScripts() {}
}
