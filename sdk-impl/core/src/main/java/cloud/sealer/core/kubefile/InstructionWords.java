package cloud.sealer.core.kubefile;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The words that begin an instruction, and what to say about words that do not. */
final class InstructionWords {
  static final List<String> KNOWN = List.of("FROM", "COPY", "ARG", "RUN", "CMD");

  private static final Map<String, String> USAGE =
      Map.of(
          "FROM", "FROM [--platform=OS/ARCH] IMAGE",
          "COPY", "COPY [--checksum=sha256:HEX] SOURCE... DESTINATION",
          "ARG", "ARG NAME[=DEFAULT]",
          "RUN", "RUN COMMAND",
          "CMD", "CMD COMMAND");

  private static final String LATER_FORM =
      "applications are files and commands here: COPY the files and start them with CMD";

  private static final Map<String, String> FOREIGN =
      Map.ofEntries(
          Map.entry("ADD", "use COPY, which also takes URLs and git repositories"),
          Map.entry("ENV", "declare an ARG, or set the variable within the RUN or CMD command"),
          Map.entry("LABEL", "labels are not kept in a cluster image; remove it"),
          Map.entry("MAINTAINER", "labels are not kept in a cluster image; remove it"),
          Map.entry("WORKDIR", "commands start in the rootfs; write RUN cd DIRECTORY && COMMAND"),
          Map.entry("ENTRYPOINT", "use CMD; a Kubefile may have several"),
          Map.entry("EXPOSE", "a cluster image has no ports; remove it"),
          Map.entry("USER", "commands run as the user who builds; remove it"),
          Map.entry("VOLUME", "a cluster image has no volumes; remove it"),
          Map.entry("SHELL", "commands run in the system shell; remove it"),
          Map.entry("ONBUILD", "write the instructions themselves"),
          Map.entry("STOPSIGNAL", "a cluster image is no process; remove it"),
          Map.entry("HEALTHCHECK", "a cluster image is no process; remove it"),
          Map.entry("APP", LATER_FORM),
          Map.entry("APPCMDS", LATER_FORM),
          Map.entry("APPENV", LATER_FORM),
          Map.entry("LAUNCH", LATER_FORM),
          Map.entry("CMDS", "write one CMD for each command, as shell text"),
          Map.entry("CNI", LATER_FORM),
          Map.entry("CSI", LATER_FORM),
          Map.entry("KUBEVERSION", "the base image decides the version of Kubernetes; remove it"));

  private InstructionWords() {}

  static String usage(String name) {
    return USAGE.getOrDefault(name, "");
  }

  /** What to do about a word that no known one is near. */
  static String advice(String name) {
    String advice = FOREIGN.get(name);
    return advice != null ? advice : "use one of " + String.join(", ", KNOWN);
  }

  /** The known word that was probably meant. */
  static Optional<String> near(String name) {
    return FOREIGN.containsKey(name)
        ? Optional.empty()
        : KNOWN.stream().filter(known -> isNear(known, name)).findFirst();
  }

  /**
   * Whether one more, one less, one other or two swapped letters make the one word of the other.
   */
  private static boolean isNear(String known, String name) {
    if (Math.abs(known.length() - name.length()) > 1) {
      return false;
    }
    int head = 0;
    while (head < Math.min(known.length(), name.length())
        && known.charAt(head) == name.charAt(head)) {
      head++;
    }
    String a = known.substring(head);
    String b = name.substring(head);
    return a.length() == b.length()
        ? tail(a, 1).equals(tail(b, 1)) || isSwapped(a, b)
        : a.equals(tail(b, 1)) || tail(a, 1).equals(b);
  }

  private static boolean isSwapped(String a, String b) {
    return a.length() > 1
        && a.charAt(0) == b.charAt(1)
        && a.charAt(1) == b.charAt(0)
        && tail(a, 2).equals(tail(b, 2));
  }

  private static String tail(String text, int from) {
    return text.substring(Math.min(from, text.length()));
  }
}
