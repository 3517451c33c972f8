package cloud.sealer.kubernetes.preflight;

import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.HostFinding;
import java.util.List;

/**
 * Collects what is found on one host.
 *
 * @param view the host
 * @param findings what is found on all hosts
 */
record Report(HostView view, List<HostFinding> findings) {
  void error(String check, String message, String remedy) {
    add(Diagnostic.Severity.ERROR, check, message, remedy);
  }

  void warning(String check, String message, String remedy) {
    add(Diagnostic.Severity.WARNING, check, message, remedy);
  }

  private void add(Diagnostic.Severity severity, String check, String message, String remedy) {
    findings.add(new HostFinding(view.address(), check, severity, message, remedy));
  }
}
