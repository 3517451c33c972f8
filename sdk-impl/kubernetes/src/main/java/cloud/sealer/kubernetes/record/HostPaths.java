package cloud.sealer.kubernetes.record;

import java.util.regex.Pattern;

/**
 * Where the files of one cluster are on a host. The name of the cluster is checked, so that no path
 * is that of all clusters or of something else.
 *
 * @param cluster the name of the cluster
 */
public record HostPaths(String cluster) {
  private static final String DATA = "/var/lib/sealer/data";
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?");

  /** Checks the name. */
  public HostPaths {
    if (!NAME.matcher(cluster).matches() || cluster.contains("..")) {
      throw new IllegalArgumentException(
          "\"" + cluster + "\" is no name of a cluster; use lower-case letters, digits, - and .");
    }
  }

  /** Everything of the cluster. */
  public String root() {
    return DATA + "/" + cluster;
  }

  /** The rootfs: the current directory of scripts and commands. */
  public String rootfs() {
    return root() + "/rootfs";
  }

  /** The layers the rootfs is made of, each in a directory named by its digest. */
  public String layers() {
    return root() + "/layers";
  }

  /** What the engine keeps, for root only. */
  public String state() {
    return root() + "/state";
  }

  /** The record of what holds. */
  public String record() {
    return state() + "/record.json";
  }

  /** The journal: a script for each change that undoes it, and what it needs. */
  public String undo() {
    return state() + "/undo";
  }

  /** The lease: a directory that exists while a run works on the host. */
  public String lease() {
    return state() + "/lease";
  }
}
