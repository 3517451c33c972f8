package cloud.sealer.kubernetes.flow;

import cloud.sealer.kubernetes.preflight.Preflight;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.SealerException;
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
    List<HostFinding> errors =
        findings.stream()
            .filter(finding -> finding.severity() == Diagnostic.Severity.ERROR)
            .toList();
    if (!errors.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.PREFLIGHT_FAILED,
              errors.stream()
                  .map(HostFinding::toString)
                  .collect(Collectors.joining("\n  ", "the hosts are not fit:\n  ", "")))
          .remedy("mend that, or ignore findings by the names of their checks")
          .detail("checks", errors.stream().map(HostFinding::check).distinct().toList())
          .build();
    }
  }

  static List<HostFinding> notIgnored(Call call, List<HostFinding> findings) {
    return findings.stream()
        .filter(finding -> !call.options().ignoredFindings().contains(finding.check()))
        .toList();
  }
}
