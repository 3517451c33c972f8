package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.kubernetes.step.ScriptedHost;
import org.junit.jupiter.api.Test;

class EtcdTest {
  private static final String MEMBERS =
      "{\"members\":[{\"ID\":10,\"peerURLs\":[\"https://10.0.0.1:2380\"]},"
          + "{\"ID\":255,\"peerURLs\":[\"https://10.0.0.12:2380\"]}]}";

  private final ScriptedHost host =
      ScriptedHost.of("10.0.0.1", "master")
          .answer("hostname", "machine-1\n")
          .answer("member", MEMBERS);

  @Test
  void theMemberOfTheAddressAndNoOtherIsTakenOut() {
    host.file("/etc/kubernetes/manifests/etcd.yaml", "kind: Pod\n");

    Etcd.on(host).orElseThrow().remove("10.0.0.12");
    Etcd.on(host).orElseThrow().remove("10.0.0.2");

    assertThat(host.titles())
        .contains("wait until the pod etcd-machine-1 is ready")
        .filteredOn(title -> title.contains("member remove"))
        .singleElement()
        .asString()
        .endsWith("member remove ff");
  }

  @Test
  void aHostWithoutAMemberHasNoEtcd() {
    assertThat(Etcd.on(host)).isEmpty();
  }
}
