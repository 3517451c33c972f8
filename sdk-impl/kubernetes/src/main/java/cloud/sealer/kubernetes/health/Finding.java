package cloud.sealer.kubernetes.health;

import cloud.sealer.sdk.Diagnostic.Severity;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;

/** Short ways to say what is found. */
final class Finding {
  private Finding() {}

  static HostFinding error(HostAddress host, String check, String message, String remedy) {
    return new HostFinding(host, check, Severity.ERROR, message, remedy);
  }

  static HostFinding warning(HostAddress host, String check, String message, String remedy) {
    return new HostFinding(host, check, Severity.WARNING, message, remedy);
  }
}
