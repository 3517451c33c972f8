package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.distribution.Size;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.HostFacts;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whether a machine can be a node at all. */
final class MachineChecks {
  private static final Duration CLOCK = Duration.ofMinutes(1);
  private static final List<String> PROGRAMS = List.of("tar", "gzip", "flock", "sha256sum");
  private static final String WITHOUT = "without-";

  /** What kubeadm wants at least; a machine that was sold with 2 GB has a little less. */
  private static final long MEMORY = 1700L << 20;

  private static final int PROCESSORS = 2;

  private MachineChecks() {}

  static void check(Report report, Situation situation) {
    HostView view = report.view();
    HostFacts facts = view.facts();
    platform(report, situation);
    if (facts.clockOffset().abs().compareTo(CLOCK) > 0) {
      report.error(
          "clock",
          "its clock is %d s %s ours"
              .formatted(
                  facts.clockOffset().abs().toSeconds(),
                  facts.clockOffset().isNegative() ? "behind" : "ahead of"),
          "synchronise the clocks, for example with chrony");
    }
    Set<String> missing = new TreeSet<>(PROGRAMS);
    missing.removeAll(view.traits());
    if (!missing.isEmpty()) {
      report.error("programs", "it lacks " + String.join(", ", missing), "install what is missing");
    }
    if (Images.hasKubernetes(situation, view)) {
      node(report, situation);
    }
  }

  private static void platform(Report report, Situation situation) {
    if (situation.image().isPresent() && Images.content(situation, report.view()).isEmpty()) {
      report.error(
          "platform",
          "it is %s, and the image is for %s"
              .formatted(
                  report.view().facts().platform(),
                  situation.requireImage().image().platforms().stream()
                      .map(PlatformImage::platform)
                      .toList()),
          "use an image that has this platform");
    }
  }

  private static void node(Report report, Situation situation) {
    HostView view = report.view();
    HostFacts facts = view.facts();
    if (!view.traits().contains("systemd")) {
      report.error("systemd", "it does not run systemd", "use a distribution that does");
    }
    if (facts.memory() < MEMORY) {
      report.warning(
          "memory",
          "it has " + Size.text(facts.memory()) + " of memory, kubeadm wants " + Size.text(MEMORY),
          "");
    }
    if (view.host().controlPlane() && facts.processors() < PROCESSORS) {
      report.warning(
          "processors", "it has " + facts.processors() + " processor, kubeadm wants 2", "");
    }
    for (String trait : new TreeSet<>(view.traits())) {
      if (trait.startsWith(WITHOUT)) {
        String module = trait.substring(WITHOUT.length());
        report.warning("modules", "its kernel has no module " + module, "");
      }
    }
    swap(report, situation);
  }

  private static void swap(Report report, Situation situation) {
    if (report.view().facts().swap() == 0) {
      return;
    }
    boolean switchedOff =
        Images.files(situation, report.view()).stream()
            .flatMap(files -> files.below("scripts").stream().map(path -> files.text(path.value())))
            .anyMatch(text -> text.orElse("").contains("swapoff"));
    if (switchedOff) {
      report.warning("swap", "swap is on; the image switches it off", "");
    } else {
      report.error("swap", "swap is on", "switch it off with swapoff -a and in /etc/fstab");
    }
  }
}
