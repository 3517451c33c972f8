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
      block
          .append(entry.address())
          .append(' ')
          .append(String.join(" ", entry.names()))
          .append('\n');
    }
    block.append(END).append(cluster).append('\n');
    List<String> rest = new ArrayList<>();
    int place = split(text, cluster, rest);
    if (place >= 0) {
      rest.add(place, block.toString());
      return String.join("", rest);
    }
    String others = String.join("", rest);
    String newline = others.isEmpty() || others.endsWith("\n") ? "" : "\n";
    return others + newline + block;
  }

  /**
   * Takes the lines of a cluster away.
   *
   * @param text the file
   * @param cluster the name of the cluster
   * @return the new file
   */
  public static String without(String text, String cluster) {
    List<String> rest = new ArrayList<>();
    split(text, cluster, rest);
    return String.join("", rest);
  }

  /**
   * Collects the lines that are not of the cluster's block.
   *
   * @return the index among them where the block stood first; -1 if there is none
   */
  private static int split(String text, String cluster, List<String> rest) {
    List<String> lines = lines(text);
    int place = -1;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.equals(BEGIN + cluster)) {
        place = place < 0 ? rest.size() : place;
        i = end(lines, i, cluster);
      } else if (!line.equals(END + cluster)) {
        rest.add(lines.get(i));
      }
    }
    return place;
  }

  /** Without its end, a block is the one comment: what follows may be anybody's. */
  private static int end(List<String> lines, int begin, String cluster) {
    for (int i = begin + 1; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.equals(END + cluster)) {
        return i;
      }
      if (line.equals(BEGIN + cluster)) {
        break;
      }
    }
    return begin;
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
