package cloud.sealer.ssh;

import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;

/** Lets a policy judge the key of one connection, and remembers why it was refused. */
final class HostKeyCheck implements HostKeyVerifier {
  private final HostKeyPolicy policy;
  private final Task task;
  private volatile HostKeyPolicy.@Nullable Verdict refused;

  HostKeyCheck(HostKeyPolicy policy, Task task) {
    this.policy = policy;
    this.task = task;
  }

  /** Why the key was refused; empty if it was not. */
  Optional<HostKeyPolicy.Verdict> refused() {
    return Optional.ofNullable(refused);
  }

  @Override
  public boolean verify(String host, int port, PublicKey key) {
    HostKeyPolicy.Verdict verdict;
    try {
      verdict = policy.judge(host, port, key);
    } catch (IOException e) {
      verdict =
          HostKeyPolicy.Verdict.bad(
              "the file of known hosts cannot be used: " + e.getMessage(), "check its permissions");
    }
    if (!verdict.accepted()) {
      refused = verdict;
    }
    verdict.notice().ifPresent(task::notice);
    return verdict.accepted();
  }

  @Override
  public List<String> findExistingAlgorithms(String host, int port) {
    try {
      return policy.algorithms(host, port);
    } catch (IOException e) {
      return List.of(); // verify says so
    }
  }
}
