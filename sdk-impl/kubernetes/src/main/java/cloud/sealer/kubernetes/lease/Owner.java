package cloud.sealer.kubernetes.lease;

import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Who holds a lease.
 *
 * @param id the run
 * @param origin the directory of records it works with
 * @param who the process, for people
 * @param since when the run began
 */
record Owner(String id, String origin, String who, Instant since) {
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  static Owner ofThisProcess(String origin, Clock clock) {
    return new Owner(
        UUID.randomUUID().toString(),
        origin,
        "process " + ProcessHandle.current().pid() + " on " + hostname(),
        clock.instant().truncatedTo(ChronoUnit.SECONDS));
  }

  private static String hostname() {
    try {
      return Files.readString(HOSTNAME).strip();
    } catch (IOException e) {
      return "this machine";
    }
  }

  /** The text of a lease: one line for each part. */
  String text() {
    return "id=" + id + "\norigin=" + origin + "\nwho=" + who + "\nsince=" + since + "\n";
  }

  /** The failure of whoever meets a lease. */
  static SealerException busy(String cluster, String where, String text) {
    return SealerException.builder(
            ErrorCode.CLUSTER_BUSY,
            "another run works on the cluster "
                + cluster
                + ", as "
                + where
                + " says: "
                + line(text, "who", "an unknown process")
                + ", since "
                + line(text, "since", "an unknown time"))
        .retryable(true)
        .remedy("wait for its end; a run that died lets go after two minutes")
        .detail("cluster", cluster)
        .build();
  }

  private static String line(String text, String key, String otherwise) {
    return text.lines()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).replaceAll("\\p{Cntrl}", ""))
        .findFirst()
        .orElse(otherwise);
  }
}
