package cloud.sealer.core.machines;

import cloud.sealer.sdk.spi.MachineOwner;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * Who owns the machines of a cluster. The name follows from the cluster's and from the directory of
 * records, so two processes that begin the same cluster meet at one lock, and what has the label of
 * a cluster that is recorded is never taken for left over, even if its own record is lost.
 */
final class ClusterOwner {
  private static final int WORD = 20;
  private static final int HASH = 10;

  private ClusterOwner() {}

  static MachineOwner of(String cluster, String home) {
    String hash =
        Hashing.sha256()
            .hashString(home + "\n" + cluster, StandardCharsets.UTF_8)
            .toString()
            .substring(0, HASH);
    String word = cluster.replaceAll("[^a-z0-9-]", "-");
    word = word.substring(0, Math.min(WORD, word.length()));
    return new MachineOwner("c-" + word + "-" + hash, MachineOwner.Purpose.CLUSTER, home);
  }
}
