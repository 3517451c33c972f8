package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.HostFacts;
import java.util.regex.Pattern;

/** Whether a machine can be told from the others. */
final class IdentityChecks {
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

  private IdentityChecks() {}

  static void check(Report report, Situation situation) {
    HostView view = report.view();
    if (!NAME.matcher(view.facts().hostname()).matches()) {
      report.error(
          "hostname",
          "its name \"" + view.facts().hostname() + "\" cannot be that of a node",
          "give it a name of lower-case letters, digits and dashes");
    }
    for (HostView other : situation.hosts()) {
      if (other.equals(view)) {
        return; // each pair once, at the later host
      }
      compare(report, view, other);
    }
  }

  private static void compare(Report report, HostView view, HostView other) {
    HostFacts mine = view.facts();
    HostFacts theirs = other.facts();
    boolean sameName = mine.hostname().equals(theirs.hostname());
    boolean sameId = !mine.machineId().isEmpty() && mine.machineId().equals(theirs.machineId());
    if (mine.addresses().contains(other.address().host())
        || theirs.addresses().contains(view.address().host())
        || (sameName && sameId && mine.addresses().equals(theirs.addresses()))) {
      report.error(
          "same-machine", "it is the same machine as " + other.address(), "name each machine once");
      return;
    }
    if (sameName) {
      report.error(
          "hostname",
          "its name \"" + mine.hostname() + "\" is also that of " + other.address(),
          "give each machine a name of its own, for example with hostnamectl");
    }
    if (sameId) {
      report.warning(
          "machine-id",
          "its /etc/machine-id is also that of " + other.address(),
          "make a new one with systemd-machine-id-setup");
    }
  }
}
