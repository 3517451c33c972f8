package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.SealerException;
import org.junit.jupiter.api.Test;

class UpgradeNodeTest {
  private static final KubernetesVersion VERSION = KubernetesVersion.parse("v1.21.1");

  private final ScriptedHost first =
      ScriptedHost.of("10.0.0.1", "master").answer("drain --help", "--delete-emptydir-data");
  private final ScriptedHost worker =
      ScriptedHost.of("10.0.0.9", "node")
          .knows(first)
          .answer("look at the runtime", "name=nine\nsocket=/run/x.sock\ndriver=systemd\n");

  private static String nodes(boolean schedulable) {
    return """
    {"items":[{"metadata":{"name":"nine"},"spec":{"unschedulable":%s},
      "status":{"addresses":[{"type":"InternalIP","address":"10.0.0.9"}]}}]}
    """
        .formatted(!schedulable);
  }

  private void upgrade() {
    UpgradeNode step =
        new UpgradeNode(worker.view(), first.view().address(), VERSION, /* dns= */ true);
    step.run(worker.context(step.name()));
  }

  @Test
  void aNodeIsOpenForPodsAgainWhenItIsReadyAndNotBefore() {
    first.answer("get nodes", nodes(true));

    upgrade();

    assertThat(first.titles())
        .filteredOn(title -> !title.contains("get nodes") && !title.contains("--help"))
        .containsExactly(
            "kubectl drain nine --ignore-daemonsets --delete-emptydir-data --force --timeout=5m",
            "upgrade to v1.21.1: wait for the kubelet of v1.21.1",
            "upgrade to v1.21.1: wait until the node nine is ready",
            "kubectl uncordon nine");
    assertThat(worker.titles())
        .containsSubsequence("install the programs of v1.21.1", "kubeadm upgrade node");
  }

  @Test
  void aNodeThatDoesNotBecomeReadyEndsTheUpgrade() {
    first.answer("get nodes", nodes(true)).fails("status.conditions", "it is not");

    assertThatThrownBy(this::upgrade)
        .isInstanceOf(SealerException.class)
        .hasMessageContaining("wait until the node nine is ready");
    assertThat(first.titles()).noneMatch(title -> title.contains("uncordon"));
  }

  @Test
  void aNodeThatWasClosedByItsOwnerStaysClosed() {
    first.answer("get nodes", nodes(false));
    worker.fails("test -e", "");

    upgrade();

    assertThat(first.titles()).noneMatch(title -> title.contains("uncordon"));
  }

  @Test
  void aNodeThatARunBeforeClosedIsOpenedByTheNext() {
    first.answer("get nodes", nodes(false));

    upgrade();

    assertThat(first.titles()).contains("kubectl uncordon nine");
  }
}
