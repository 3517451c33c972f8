package cloud.sealer.kubernetes.health;

import cloud.sealer.kubernetes.certificate.KeyAndCertificate;
import cloud.sealer.kubernetes.host.Commands;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostSession;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the certificates of a host are valid, and for how long. Only they leave the host. */
final class CertificateHealth {
  private static final Duration SOON = Duration.ofDays(30);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);
  private static final String MARK = "certificates of ";

  // Some files have the private key beside the certificate, which stays where it is.
  private static final String LOOK =
      """
      show() {
        echo "certificates of $1"
        awk '/-BEGIN CERTIFICATE-/ { on = 1 } on { print } /-END CERTIFICATE-/ { on = 0 }'
      }
      for file in /etc/kubernetes/pki/*.crt /etc/kubernetes/pki/etcd/*.crt \
        /var/lib/kubelet/pki/kubelet-client-current.pem "$ROOTFS"/certs/*.crt; do
        [ ! -f "$file" ] || show "$file" <"$file"
      done
      for file in /etc/kubernetes/*.conf; do
        [ ! -f "$file" ] || sed -n 's/^ *client-certificate-data: *//p' "$file" |
          base64 -d 2>/dev/null | show "$file"
      done
      """;

  private final HostView view;
  private final HostSession session;
  private final Instant now;

  CertificateHealth(HostView view, HostSession session, Instant now) {
    this.view = view;
    this.session = session;
    this.now = now;
  }

  List<HostFinding> check() {
    String printed;
    try {
      printed =
          Commands.exec(
              session,
              HostCommand.builder(LOOK)
                  .title("look at certificates")
                  .environment("ROOTFS", view.paths().rootfs())
                  .build());
    } catch (SealerException e) {
      return List.of(
          Finding.error(
              view.address(), "certificates", String.valueOf(e.getMessage()), e.remedy()));
    }
    List<HostFinding> findings = new ArrayList<>();
    for (String part : printed.split(MARK, -1)) {
      int line = part.indexOf('\n');
      if (line > 0) {
        check(part.substring(0, line), part.substring(line + 1)).ifPresent(findings::add);
      }
    }
    return findings;
  }

  private Optional<HostFinding> check(String file, String pem) {
    return KeyAndCertificate.end(pem)
        .filter(end -> end.isBefore(now.plus(SOON)))
        .map(
            end ->
                end.isBefore(now)
                    ? Finding.error(
                        view.address(),
                        "certificates",
                        file + " ended on " + DAY.format(end),
                        remedy(file))
                    : Finding.warning(
                        view.address(),
                        "certificates",
                        file + " ends on " + DAY.format(end),
                        remedy(file)));
  }

  private String remedy(String file) {
    if (file.startsWith(view.paths().root())) {
      return "apply the cluster again, which makes it anew";
    }
    if (file.contains("kubelet")) {
      return "the kubelet renews it: look why it does not, journalctl -u kubelet";
    }
    return file.endsWith("/ca.crt") || file.endsWith("-ca.crt")
        ? "replace the authority: see the documentation of kubeadm"
        : "execute on the host: kubeadm certs renew all, and restart its control plane";
  }
}
