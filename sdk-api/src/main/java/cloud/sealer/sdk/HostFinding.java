package cloud.sealer.sdk;

import java.util.Objects;

/**
 * Something on a host that keeps it, or might keep it, from being part of a cluster.
 *
 * @param address the host
 * @param check the name of the check that found it, such as {@code swap}
 * @param severity whether it stops a change
 * @param message what it is, as one sentence
 * @param remedy how to mend it; empty if the message says it
 */
public record HostFinding(
    HostAddress address,
    String check,
    Diagnostic.Severity severity,
    String message,
    String remedy) {
  /** Checks the parts. */
  public HostFinding {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(check, "check");
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(remedy, "remedy");
  }

  /** Returns {@code 10.0.0.1: swap: swap is on; switch it off}, on one line. */
  @Override
  public String toString() {
    String kind = severity == Diagnostic.Severity.WARNING ? "warning: " : "";
    return address + ": " + check + ": " + kind + message + (remedy.isEmpty() ? "" : "; " + remedy);
  }
}
