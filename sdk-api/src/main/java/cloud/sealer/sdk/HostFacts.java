package cloud.sealer.sdk;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a host is at one moment.
 *
 * @param hostname its own name
 * @param machineId the text of {@code /etc/machine-id}; empty if there is none
 * @param platform operating system and processor
 * @param distribution the {@code ID} of {@code /etc/os-release}, such as {@code debian}; empty if
 *     unknown
 * @param distributionVersion the {@code VERSION_ID} of {@code /etc/os-release}
 * @param kernel the release of the kernel
 * @param processors how many processors it has
 * @param memory its memory in bytes
 * @param swap its swap space in use by the kernel, in bytes
 * @param clockOffset how far its clock is ahead of ours, as near as one round trip tells
 * @param addresses its IP addresses but for those of loopback
 * @param fileSystems the mounted file systems that hold files
 * @param runtimes the container runtimes it has, such as {@code docker 20.10.24}
 * @param kubernetes the Kubernetes programs it has or runs, such as {@code kubelet v1.20.2}
 * @param listening the TCP ports it listens on
 */
public record HostFacts(
    String hostname,
    String machineId,
    Platform platform,
    String distribution,
    String distributionVersion,
    String kernel,
    int processors,
    long memory,
    long swap,
    Duration clockOffset,
    List<String> addresses,
    List<FileSystem> fileSystems,
    List<String> runtimes,
    List<String> kubernetes,
    List<Integer> listening) {
  /** Checks and copies the parts. */
  public HostFacts {
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(machineId, "machineId");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(distribution, "distribution");
    Objects.requireNonNull(distributionVersion, "distributionVersion");
    Objects.requireNonNull(kernel, "kernel");
    Objects.requireNonNull(clockOffset, "clockOffset");
    addresses = List.copyOf(addresses);
    fileSystems = List.copyOf(fileSystems);
    runtimes = List.copyOf(runtimes);
    kubernetes = List.copyOf(kubernetes);
    listening = List.copyOf(listening);
  }

  /**
   * A mounted file system.
   *
   * @param mountPoint where it is mounted
   * @param device what is mounted
   * @param size its size in bytes
   * @param available what root can still write, in bytes
   */
  public record FileSystem(String mountPoint, String device, long size, long available) {}

  /**
   * The file system that would hold a path.
   *
   * @param path an absolute path, which need not exist
   * @return the one with the longest mount point that the path is below
   * @throws IllegalArgumentException if the host told of none, not even of {@code /}
   */
  public FileSystem fileSystem(String path) {
    return fileSystems.stream()
        .filter(
            each ->
                path.equals(each.mountPoint())
                    || path.startsWith(
                        each.mountPoint().endsWith("/")
                            ? each.mountPoint()
                            : each.mountPoint() + "/"))
        .max(java.util.Comparator.comparingInt(each -> each.mountPoint().length()))
        .orElseThrow(() -> new IllegalArgumentException("no file system holds " + path));
  }
}
