package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.SealerException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubectlTest {
  private final ScriptedHost host = ScriptedHost.of("10.0.0.1", "master");
  private final Kubectl kubectl = new Kubectl(host, Duration.ofMillis(1));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Unable to connect to the server: net/http: TLS handshake timeout",
        "The connection to the server 10.0.0.1:6443 was refused - did you specify the right host?",
        "Error from server: etcdserver: leader changed",
        "error: the server is currently unable to handle the request",
      })
  void aServerThatDoesNotAnswerYetIsAskedAgain(String error) {
    host.fails("get node", error, error).answer("get node", "node/machine-1\n");

    assertThat(kubectl.run("get", "node")).isEqualTo("node/machine-1\n");
    assertThat(host.commands()).hasSize(3);
  }

  @Test
  void whatTheServerRefusesIsNotAskedAgain() {
    host.fails("get node", "Error from server (Forbidden): nodes is forbidden");

    assertThatThrownBy(() -> kubectl.run("get", "node"))
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("Forbidden");
    assertThat(host.commands()).hasSize(1);
  }

  /** A member of etcd that is taken for none would stay, and count for the quorum. */
  @Test
  void aServerThatDoesNotAnswerIsNoSignThatAnObjectIsNotThere() {
    host.fails("get", "Error from server (InternalError): an error on the server");

    assertThatThrownBy(() -> kubectl.has("kube-system", "pod/etcd-machine-1"))
        .isInstanceOf(SealerException.class);
    assertThat(kubectl.has("kube-system", "pod/etcd-machine-1")).isFalse();
  }
}
