package cloud.sealer.kubernetes.record;

import java.util.regex.Pattern;

/**
 * Where the files of one cluster are on a host. The name of the cluster is checked, so that no path
 * is that of all clusters or of something else.
 *
 * @param data the directory that has one directory for each cluster
 * @param cluster the name of the cluster
 */
public record HostPaths(String data, String cluster) {
  /** Where the contract has the directories of clusters. */
  public static final String DATA = "/var/lib/sealer/data";

  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?");

  /** Checks the parts. */
  public HostPaths {
    if (!data.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: " + data);
    }
    if (!NAME.matcher(cluster).matches() || cluster.contains("..")) {
      throw new IllegalArgumentException(
          "\"" + cluster + "\" is no name of a cluster; use lower-case letters, digits, - and .");
    }
  }

  /** Everything of the cluster. */
  public String root() {
    return data + "/" + cluster;
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
