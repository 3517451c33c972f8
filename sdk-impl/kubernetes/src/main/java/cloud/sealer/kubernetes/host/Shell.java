package cloud.sealer.kubernetes.host;

/** Texts for a POSIX shell. */
public final class Shell {
  private Shell() {}

  /** A word that the shell reads as exactly this text. */
  public static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
