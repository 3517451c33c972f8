package cloud.sealer.kubernetes.rootfs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file {@code /etc/hosts}, in which each cluster has a block of its own, between two comments
 * that name it. Everything else stays as it is, byte by byte.
 */
public final class HostsFile {
  private static final String BEGIN = "# BEGIN sealer cluster ";
  private static final String END = "# END sealer cluster ";

  private HostsFile() {}

  /**
   * A line.
   *
   * @param address an IP address
   * @param names at least one name for it
   */
  public record Entry(String address, List<String> names) {
    /** Checks and copies the parts. */
    public Entry {
      names = List.copyOf(names);
      if (names.isEmpty()
          || Stream.concat(Stream.of(address), names.stream())
              .anyMatch(word -> word.isEmpty() || !word.matches("[A-Za-z0-9.:%_-]+"))) {
        throw new IllegalArgumentException(
            "a line of /etc/hosts has an address and names, got \"" + address + "\" " + names);
      }
    }
  }

  /**
   * Sets the lines of a cluster. The block stays where it is, or is put at the end.
   *
   * @param text the file; empty if there is none
   * @param cluster the name of the cluster
   * @param entries all lines of the cluster; none takes the block away
   * @return the new file
   */
  public static String with(String text, String cluster, List<Entry> entries) {
    if (entries.isEmpty()) {
      return without(text, cluster);
    }
    StringBuilder block = new StringBuilder(BEGIN).append(cluster).append('\n');
    for (Entry entry : entries) {
      block.append(entry.address()).append(' ').append(String.join(" ", entry.names())).append('\n');
    }
    block.append(END).append(cluster).append('\n');
    List<String> lines = lines(text);
    int begin = index(lines, BEGIN + cluster, 0);
    String rest = without(text, cluster);
    if (begin < 0) {
      String newline = rest.isEmpty() || rest.endsWith("\n") ? "" : "\n";
      return rest + newline + block;
    }
    String before = String.join("", lines.subList(0, begin));
    return before + block + rest.substring(before.length());
  }

  /**
   * Takes the lines of a cluster away.
   *
   * @param text the file
   * @param cluster the name of the cluster
   * @return the new file
   */
  public static String without(String text, String cluster) {
    List<String> lines = lines(text);
    int begin = index(lines, BEGIN + cluster, 0);
    while (begin >= 0) {
      int end = index(lines, END + cluster, begin);
      // Without its end, the block is the one comment: what follows may be anybody's.
      lines.subList(begin, end < 0 ? begin + 1 : end + 1).clear();
      begin = index(lines, BEGIN + cluster, begin);
    }
    lines.removeIf(line -> line.strip().equals(END + cluster));
    return String.join("", lines);
  }

  private static int index(List<String> lines, String wanted, int from) {
    for (int i = from; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(wanted)) {
        return i;
      }
    }
    return -1;
  }

  /** The lines with their ends. */
  private static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    for (int start = 0; start < text.length(); ) {
      int newline = text.indexOf('\n', start);
      int end = newline < 0 ? text.length() : newline + 1;
      lines.add(text.substring(start, end));
      start = end;
    }
    return lines;
  }
}
