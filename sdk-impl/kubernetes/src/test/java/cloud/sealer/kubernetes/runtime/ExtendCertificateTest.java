package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExtendCertificateTest {
  private static final String FILE = "/var/lib/sealer/data/test/state/kubeadm-certificate.yaml";

  private final ScriptedHost host =
      ScriptedHost.of("10.0.0.1", "master")
          .answer("look at the runtime", "name=machine-1\nsocket=/run/x.sock\ndriver=systemd\n");

  private void run() {
    ExtendCertificate step =
        new ExtendCertificate(host.view(), List.of("api.example.com", "10.0.0.1"));
    step.run(host.context(step.name()));
  }

  @Test
  void newNamesComeAfterThoseThatAreThereAndEachOnce() {
    host.answer(
        "configmap",
        """
        apiVersion: kubeadm.k8s.io/v1beta2
        kind: ClusterConfiguration
        apiServer:
          certSANs: [apiserver.cluster.local, 10.0.0.1]
          timeoutForControlPlane: 4m0s
        networking:
          podSubnet: 100.64.0.0/10
        """);

    run();

    assertThat(host.uploads().get(FILE))
        .containsSubsequence(
            "kind: InitConfiguration",
            "advertiseAddress: \"10.0.0.1\"",
            "name: machine-1",
            "criSocket: /run/x.sock",
            "kind: ClusterConfiguration",
            """
              certSANs:
                - apiserver.cluster.local
                - "10.0.0.1"
                - api.example.com
              timeoutForControlPlane: "4m0s"
            networking:
              podSubnet: "100.64.0.0/10"
            """);
    assertThat(host.mode(FILE)).isEqualTo(0600);
    assertThat(host.titles())
        .containsSubsequence("make the certificate of the API server anew", "remove " + FILE);
  }

  @Test
  void aClusterThatIsNotOfKubeadmIsLeftAlone() {
    host.answer("configmap", "- no mapping\n");

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            SealerException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COMMAND_FAILED))
        .hasMessageContaining("kubeadm-config holds no ClusterConfiguration");
    assertThat(host.titles()).noneMatch(title -> title.contains("certificate"));
  }

  @Test
  void theNewNameMustBeShownByTheServer() {
    ExtendCertificate step = new ExtendCertificate(host.view(), List.of("api.example.com"));

    step.verify(host.context(step.name()));

    assertThat(host.commands())
        .anyMatch(command -> command.text().contains("--tls-server-name=api.example.com"));
  }
}
