package cloud.sealer.kubernetes.health;

import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.kubernetes.rootfs.RegistrySettings;
import cloud.sealer.kubernetes.runtime.ApiServer;
import cloud.sealer.kubernetes.runtime.Kubectl;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.HostFinding;
import cloud.sealer.sdk.spi.HostSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** All checks of a cluster that is there. */
public final class ClusterHealth {
  private final List<HostView> members;
  private final RegistrySettings registry;
  private final Function<HostAddress, HostSession> sessions;
  private final Transfers parallel;
  private final Instant now;

  /**
   * Checks of a cluster.
   *
   * @param members the hosts that are nodes of it, as far as they can be reached
   * @param registry its registry
   * @param sessions gives sessions on the members
   * @param parallel does work on several hosts at once
   * @param now the time, for certificates
   */
  public ClusterHealth(
      List<HostView> members,
      RegistrySettings registry,
      Function<HostAddress, HostSession> sessions,
      Transfers parallel,
      Instant now) {
    this.members = List.copyOf(members);
    this.registry = registry;
    this.sessions = sessions;
    this.parallel = parallel;
    this.now = now;
  }

  /** Everything found. */
  public List<HostFinding> check() {
    List<HostFinding> findings = new ArrayList<>();
    parallel.map("checking the health of hosts", members, this::host).forEach(findings::addAll);
    List<HostView> controlPlanes =
        members.stream().filter(view -> view.host().controlPlane()).toList();
    Optional<HostView> answering = Optional.empty();
    for (HostView view : controlPlanes) {
      if (ApiServer.isReady(sessions.apply(view.address()))) {
        answering = answering.isEmpty() ? Optional.of(view) : answering;
      } else {
        findings.add(
            Finding.error(
                view.address(),
                "api-server",
                "its API server is not ready",
                "look why: crictl or docker logs of kube-apiserver, and journalctl -u kubelet"));
      }
    }
    answering.ifPresent(
        view -> {
          Kubectl kubectl = new Kubectl(sessions.apply(view.address()));
          findings.addAll(new NodeHealth(members, kubectl).check());
          findings.addAll(new EtcdHealth(members, sessions.apply(view.address())).check());
        });
    return findings;
  }

  private List<HostFinding> host(HostView view) {
    HostSession session = sessions.apply(view.address());
    List<HostFinding> findings = new ArrayList<>(new CertificateHealth(view, session, now).check());
    findings.addAll(new RegistryHealth(view, session, registry).check());
    return findings;
  }
}
