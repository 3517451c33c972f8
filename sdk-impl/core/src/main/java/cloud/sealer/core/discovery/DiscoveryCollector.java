package cloud.sealer.core.discovery;

import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs all discoverers over the files and makes one report of what they find: each image once with
 * all its origins, sorted, without what the user excludes and with what the user adds.
 */
public final class DiscoveryCollector {
  private DiscoveryCollector() {}

  /** Makes the report and drops the notices. */
  public static DiscoveryReport discover(
      FileTree files, List<ImageDiscoverer> all, DiscoveryPolicy policy) {
    return discover(files, all, policy, notice -> {});
  }

  /**
   * Makes the report. It is the same for the same files, whatever the order of the discoverers.
   *
   * @param files the new files of the rootfs
   * @param all who looks for images
   * @param policy what to leave out and to add; {@link DiscoveryCheck} applies the rest of it
   * @param notices takes what the user should know but stops nothing
   */
  public static DiscoveryReport discover(
      FileTree files, List<ImageDiscoverer> all, DiscoveryPolicy policy, Consumer<String> notices) {
    Findings findings = new Findings(notices);
    run(all, discoverer -> discoverer.discover(files, findings));
    return findings.report(policy);
  }

  /**
   * Makes the report for a build, which knows and lends more than the files.
   *
   * @param files the new files of the rootfs
   * @param surroundings what is known beside them
   * @param all who looks for images
   * @param policy what to leave out and to add; {@link DiscoveryCheck} applies the rest of it
   * @param notices takes what the user should know but stops nothing
   */
  public static Result discover(
      FileTree files,
      ImageDiscoverer.Surroundings surroundings,
      List<ImageDiscoverer> all,
      DiscoveryPolicy policy,
      Consumer<String> notices) {
    Findings findings = new Findings(notices);
    run(all, discoverer -> discoverer.discover(files, surroundings, findings));
    return new Result(findings.report(policy), findings.kubernetesRange());
  }

  /**
   * What a search gave.
   *
   * @param report the images
   * @param kubernetesRange the versions of Kubernetes that all files that ask for any agree on
   */
  public record Result(DiscoveryReport report, Optional<String> kubernetesRange) {}

  private static void run(List<ImageDiscoverer> all, Consumer<ImageDiscoverer> search) {
    for (ImageDiscoverer discoverer : all) {
      try {
        search.accept(discoverer);
      } catch (SealerException e) {
        throw e;
      } catch (RuntimeException e) {
        // A discoverer may be foreign code, whose exceptions must not cross the API.
        throw SealerException.builder(
                ErrorCode.INTERNAL,
                "the image discoverer " + discoverer.getClass().getName() + " failed: " + e)
            .cause(e)
            .build();
      }
    }
  }
}
