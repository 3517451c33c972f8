package cloud.sealer.kubernetes.health;

import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import java.util.List;

/** Whether a host can pull from the registry of the cluster. */
final class RegistryHealth {
  // Without curl it is at least seen that something listens there. 401 is the answer of a guarded
  // registry that works.
  private static final String ASK =
      """
      if command -v curl >/dev/null; then
        authority=
        for file in "/etc/docker/certs.d/$REGISTRY/ca.crt" \
          "/etc/containerd/certs.d/$REGISTRY/ca.crt"; do
          [ ! -s "$file" ] || authority=$file
        done
        status=$(curl -sS -o /dev/null -w '%{http_code}' --max-time 10 \
          ${authority:+--cacert "$authority"} "https://$REGISTRY/v2/") || exit 1
        [ "$status" = 200 ] || [ "$status" = 401 ] || { echo "HTTP status $status"; exit 1; }
      else
        timeout 10 bash -c 'exec 3<>"/dev/tcp/${REGISTRY%:*}/${REGISTRY##*:}"'
      fi
      """;

  private final HostView view;
  private final HostSession session;
  private final RegistrySettings registry;

  RegistryHealth(HostView view, HostSession session, RegistrySettings registry) {
    this.view = view;
    this.session = session;
    this.registry = registry;
  }

  List<HostFinding> check() {
    boolean answers =
        session
            .exec(
                HostCommand.builder(ASK)
                    .title("ask the registry")
                    .environment("REGISTRY", registry.authority())
                    .build(),
                HostOutput.NONE)
            .ok();
    return answers
        ? List.of()
        : List.of(
            Finding.error(
                view.address(),
                "registry",
                "it cannot pull from the registry " + registry.authority(),
                "see that the container sealer-registry runs on its host, then apply the cluster"
                    + " again"));
  }
}
