package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.preflight.Preflight;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What preflight found, and what becomes of it. */
final class Findings {
  private Findings() {}

  /**
   * Fails with all findings that stop a change, and tells the others. A change that only takes away
   * is stopped by nothing.
   *
   * @param notices hears of what does not stop it
   * @throws SealerException with {@link ErrorCode#PREFLIGHT_FAILED}
   */
  static void require(Call call, Situation situation, Consumer<String> notices) {
    if (situation.image().isEmpty()) {
      return;
    }
    List<HostFinding> findings = notIgnored(call, Preflight.check(situation));
    findings.stream()
        .filter(finding -> finding.severity() == Diagnostic.Severity.WARNING)
        .forEach(finding -> notices.accept(finding.toString()));
    List<HostFinding> errors = errors(findings);
    if (!errors.isEmpty()) {
      throw failed(errors).build();
    }
  }

  /**
   * What to throw when some hosts could not be looked at: with all that keeps the others from being
   * a cluster, so that nobody learns of it one run later.
   *
   * @param reached the hosts that could be looked at
   * @param attempts what came out on each host
   */
  static SealerException unreached(
      Call call, Situation reached, List<Call.Attempt<HostView>> attempts) {
    SealerException failure = HostFailures.unreached(attempts);
    List<HostFinding> errors =
        errors(reached.image().isEmpty() ? List.of() : notIgnored(call, Preflight.check(reached)));
    if (errors.isEmpty()) {
      return failure;
    }
    List<HostFinding> all = new ArrayList<>(unreached(attempts));
    all.addAll(errors);
    return failed(all).cause(failure).build();
  }

  /** The hosts that could not be looked at, each as a finding. */
  static List<HostFinding> unreached(List<Call.Attempt<HostView>> attempts) {
    List<HostFinding> findings = new ArrayList<>();
    for (Call.Attempt<HostView> attempt : attempts) {
      SealerException failure = attempt.failure();
      if (failure != null) {
        findings.add(
            new HostFinding(
                attempt.host().address(),
                "reachable",
                Diagnostic.Severity.ERROR,
                withoutAddress(
                    attempt.host().address() + ": ", String.valueOf(failure.getMessage())),
                failure.remedy()));
      }
    }
    return findings;
  }

  /** The hosts that have nothing of the cluster. */
  static List<HostFinding> notYetNodes(Situation situation) {
    return situation.hosts().stream()
        .filter(view -> view.record().steps().isEmpty())
        .map(
            view ->
                new HostFinding(
                    view.address(),
                    "node",
                    Diagnostic.Severity.ERROR,
                    "it is not part of the cluster " + situation.spec().name(),
                    "run or apply the cluster first, or let the host join"))
        .toList();
  }

  private static String withoutAddress(String prefix, String message) {
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  private static List<HostFinding> errors(List<HostFinding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity() == Diagnostic.Severity.ERROR)
        .toList();
  }

  private static SealerException.Builder failed(List<HostFinding> errors) {
    return SealerException.builder(
            ErrorCode.PREFLIGHT_FAILED,
            errors.stream()
                .map(HostFinding::toString)
                .collect(Collectors.joining("\n  ", "the hosts are not fit:\n  ", "")))
        .remedy("mend that, or ignore findings by the names of their checks")
        .detail("checks", errors.stream().map(HostFinding::check).distinct().toList());
  }

  static List<HostFinding> notIgnored(Call call, List<HostFinding> findings) {
    return findings.stream()
        .filter(finding -> !call.options().ignoredFindings().contains(finding.check()))
        .toList();
  }
}
