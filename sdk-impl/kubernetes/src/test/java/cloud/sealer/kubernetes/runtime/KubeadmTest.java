package cloud.sealer.kubernetes.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.kubernetes.certificate.CertificateAuthority;
import cloud.sealer.kubernetes.kubeadm.KubernetesVersion;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.sdk.spi.HostCommand;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class KubeadmTest {
  private static final String RUNTIME =
      "name=machine-1\nsocket=/var/run/dockershim.sock\ndriver=cgroupfs\n";
  private static final Pattern TOKEN = Pattern.compile("token: \"?([a-z0-9]{6}\\.[a-z0-9]{16})");

  private final ScriptedHost first =
      ScriptedHost.of("10.0.0.1", "master")
          .answer("look at the runtime", RUNTIME)
          .file(
              "/etc/kubernetes/pki/ca.crt",
              new CertificateAuthority(Clock.systemUTC(), new SecureRandom())
                  .create("kubernetes")
                  .certificatePem());

  private ClusterConfiguration configuration(boolean dns) {
    return new ClusterConfiguration(
        KubernetesVersion.parse("v1.20.2"),
        List.of(first.view()),
        List.of(),
        "sea.hub:5000",
        dns,
        "",
        Clock.systemUTC(),
        new SecureRandom());
  }

  @Test
  void initTellsKubeadmItsTokenInAFileOfRootThatIsGoneAfterwards() {
    new KubeadmInit(first.view(), configuration(true)).run(first.context("kubeadm init"));

    String path = "/var/lib/sealer/data/test/state/kubeadm.yaml";
    String file = first.uploads().get(path);
    assertThat(first.mode(path)).isEqualTo(0600);
    assertThat(first.titles()).endsWith("kubeadm init", "remove " + path);
    assertThat(first.visible()).doesNotContain(token(file));
    assertThat(file)
        .contains("imageRepository: \"sea.hub:5000\"")
        .contains("cgroupDriver: cgroupfs")
        .contains("10.0.0.1")
        .contains("certificateKey");
  }

  private static String token(String file) {
    Matcher token = TOKEN.matcher(file);
    assertThat(token.find()).isTrue();
    return token.group(1);
  }

  @Test
  void initLeavesOutANameServerThatTheImageDoesNotBring() {
    new KubeadmInit(first.view(), configuration(false)).run(first.context("kubeadm init"));

    assertThat(commandOf(first, "kubeadm init").text())
        .contains("--skip-phases=addon/coredns", "--skip-token-print");
  }

  @Test
  void initClearsWhatAnInterruptedRunLeftAndOnlyThen() {
    ScriptedHost again =
        ScriptedHost.of("10.0.0.1", "master").answer("look at the runtime", RUNTIME).begunBefore();

    new KubeadmInit(again.view(), configuration(true)).run(again.context("kubeadm init"));
    new KubeadmInit(first.view(), configuration(true)).run(first.context("kubeadm init"));

    assertThat(again.titles().get(0)).contains("clear what an interrupted kubeadm left");
    assertThat(first.titles()).noneMatch(title -> title.contains("clear"));
  }

  @Test
  void whatKubeadmPrintsOfSecretsReachesNoListener() {
    first.answer(
        "kubeadm init",
        "[bootstrap-token] Using token: abcdef.0123456789abcdef\n"
            + "[upload-certs] Using certificate key:\n"
            + "0123456789abcdef".repeat(4)
            + "\n");

    new KubeadmInit(first.view(), configuration(true)).run(first.context("kubeadm init"));

    assertThat(first.task().lines())
        .contains("[bootstrap-token] Using token: ***", "***")
        .noneMatch(line -> line.contains("0123456789abcdef"));
  }

  @Test
  void aWorkerJoinsWithATokenThatTheApiServerGotOverStandardInput() {
    ScriptedHost worker = worker();

    join(worker);

    String path = "/var/lib/sealer/data/test/state/kubeadm-join.yaml";
    String token = token(worker.uploads().get(path));
    assertThat(worker.mode(path)).isEqualTo(0600);
    assertThat(worker.titles()).endsWith("kubeadm join", "remove " + path);
    assertThat(worker.visible()).doesNotContain(token);
    assertThat(first.stdin())
        .anySatisfy(
            manifest ->
                assertThat(manifest)
                    .contains("bootstrap-token-" + token.substring(0, 6), token.substring(7)));
    assertThat(first.visible()).doesNotContain(token.substring(7));
    assertThat(worker.uploads().get(path)).doesNotContain("certificateKey");
  }

  @Test
  void aControlPlaneGetsTheCertificatesEncrypted() {
    ScriptedHost second =
        ScriptedHost.of("10.0.0.2", "master").answer("look at the runtime", RUNTIME).knows(first);

    join(second);

    assertThat(first.titles()).contains("share the certificates of the control plane");
    String shared = first.uploads().get("/var/lib/sealer/data/test/state/kubeadm-share.yaml");
    assertThat(shared).contains("kubernetesVersion: v1.20.2", "certificateKey");
    assertThat(second.uploads().get("/var/lib/sealer/data/test/state/kubeadm-join.yaml"))
        .contains("certificateKey", "advertiseAddress: \"10.0.0.2\"");
  }

  private ScriptedHost worker() {
    return ScriptedHost.of("10.0.0.9", "node").answer("look at the runtime", RUNTIME).knows(first);
  }

  private void join(ScriptedHost host) {
    new KubeadmJoin(host.view(), first.view().address(), configuration(true), List.of())
        .run(host.context("kubeadm join"));
  }

  private static HostCommand commandOf(ScriptedHost host, String title) {
    return host.commands().stream()
        .filter(command -> command.title().equals(title))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void eachHostOfTheControlPlaneAsksItselfFirst() {
    ScriptedHost second = ScriptedHost.of("10.0.0.2", "master");

    assertThat(ApiEndpoint.hostsLines(second.view(), "", List.of(first.view(), second.view())))
        .containsExactly("10.0.0.2 apiserver.cluster.local", "10.0.0.1 apiserver.cluster.local");
    assertThat(
            ApiEndpoint.hostsLines(
                worker().view(), "127.0.0.1", List.of(first.view(), second.view())))
        .containsExactly(
            "127.0.0.1 apiserver.cluster.local",
            "10.0.0.1 apiserver.cluster.local",
            "10.0.0.2 apiserver.cluster.local");
  }

  private static final String NODES =
      "{\"items\":[{\"metadata\":{\"name\":\"machine-1\"},\"status\":{\"addresses\":[{\"type\":"
          + "\"InternalIP\",\"address\":\"10.0.0.1\"}]}}]}";

  private static List<String> deleted(ScriptedHost host) {
    return host.titles().stream()
        .filter(title -> title.contains(" delete "))
        .map(title -> title.replaceAll(".* delete (\\S+) .*", "$1"))
        .toList();
  }

  @Test
  void anUpgradeLeavesNoNameServerThatTheClusterNeverHad() {
    first.answer("get service/kube-dns", "service/kube-dns\n").answer("kubectl get nodes", NODES);
    new UpgradeNode(first.view(), first.host().address(), KubernetesVersion.parse("v1.20.3"), false)
        .run(first.context("upgrade to v1.20.3"));

    assertThat(first.titles())
        .containsSubsequence(
            "kubectl drain machine-1 --ignore-daemonsets --delete-local-data --force --timeout=5m",
            "install the programs of v1.20.3",
            "kubeadm upgrade apply",
            "kubectl -n kube-system delete deployment/coredns --ignore-not-found",
            "kubectl uncordon machine-1");
    assertThat(deleted(first)).contains("deployment/coredns").doesNotContain("service/kube-dns");
  }

  @Test
  void anUpgradeKeepsTheNameServerThatTheImageBrings() {
    first.answer("kubectl get nodes", NODES);
    new UpgradeNode(first.view(), first.host().address(), KubernetesVersion.parse("v1.20.3"), true)
        .run(first.context("upgrade to v1.20.3"));

    assertThat(deleted(first)).isEmpty();
  }
}
