package cloud.sealer.core.discovery;

import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryPolicy.Action;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.DiscoveryReport.Finding;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.List;

/** Decides whether a build goes on with what discovery was not sure of. */
public final class DiscoveryCheck {
  private DiscoveryCheck() {}

  /**
   * Applies the actions of the policy.
   *
   * @return a notice for each finding that the policy only warns of, unresolved ones first
   * @throws SealerException with {@link ErrorCode#DISCOVERY_INCOMPLETE} and all findings that the
   *     policy does not accept
   */
  public static List<String> check(DiscoveryReport report, DiscoveryPolicy policy) {
    List<String> failures = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    apply(policy.unresolved(), "unresolved image", report.unresolved(), failures, notices);
    apply(policy.suspected(), "suspected image", report.suspected(), failures, notices);
    if (!failures.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.DISCOVERY_INCOMPLETE,
              "not every container image could be determined:\n  " + String.join("\n  ", failures))
          .remedy(
              "Mend the files; or say in manifests/imageRules where objects of the kind name images; or add"
                  + " the image that is meant to the additions of the discovery policy (or"
                  + " to manifests/imageList) and the text as shown to its exclusions; or let the"
                  + " policy warn or accept.")
          .detail("count", failures.size())
          .build();
    }
    return List.copyOf(notices);
  }

  private static void apply(
      Action action,
      String what,
      List<Finding> findings,
      List<String> failures,
      List<String> notices) {
    if (action == Action.ACCEPT) {
      return;
    }
    List<String> target = action == Action.FAIL ? failures : notices;
    for (Finding finding : findings) {
      for (ImageOrigin origin : finding.origins()) {
        target.add(origin + ": " + what + " \"" + finding.text() + "\": " + finding.reason());
      }
    }
  }
}
