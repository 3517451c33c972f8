package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Diagnostic;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.HostResult;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Plan;
import cloud.sealer.sdk.PluginSpec;
import cloud.sealer.sdk.PluginSpec.Phase;
import cloud.sealer.sdk.RootfsPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one does with a small cluster that is not made by the defaults: a guarded registry with a
 * name and port of its own, a machine behind a proxy, plugins, commands, applications, more hosts,
 * more names, a newer Kubernetes. One set of machines lives through all of it, so the tests have an
 * order.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealOperationsIT {
  private static final String NAME = "operated";
  private static final String NEWER = "v1.20.3";
  private static final String APPLICATION = "web:v1";
  private static final String PASSWORD = "Pull-Secret-1";

  @TempDir static Path directory;
  private final Map<Integer, Map<String, String>> before = new TreeMap<>();
  private RealCluster cluster;
  private Proxy proxy;
  private boolean running;
  private boolean joined;

  @BeforeAll
  void prepare() throws IOException, InterruptedException {
    cluster = new RealCluster(directory);
    buildTheApplication();
    cluster.machines.start(1, "docker");
    cluster.machines.start(2, "bare");
    proxy = Proxy.besideTheMachines(cluster.address(1));
    cluster.on(
        1,
        "mkdir -p /etc/systemd/system/docker.service.d; printf '[Service]\\nEnvironment="
            + "\"HTTP_PROXY=%s\" \"HTTPS_PROXY=%s\" \"NO_PROXY=example.org\"\\n' "
            + proxy.url()
            + " "
            + proxy.url()
            + " >/etc/systemd/system/docker.service.d/proxy.conf; systemctl daemon-reload;"
            + " systemctl restart docker");
    for (int i = 1; i <= 3; i++) {
      before.put(i, cluster.traces(i));
    }
  }

  private void buildTheApplication() throws IOException, InterruptedException {
    BuildContext context =
        BuildContext.inMemory()
            .file("manifests/web.yaml", WEB)
            .file(
                "plugins/after.yaml",
                "kind: Plugin\nmetadata: {name: after-web}\nspec: {type: SHELL, action:"
                    + " PostInstall, on: master0, data: 'test -f manifests/web.yaml && echo after"
                    + " >>/root/application'}\n")
            .build();
    BaseImage.build(
        cluster.machines,
        directory,
        APPLICATION,
        Kubefile.parse(
            """
            FROM scratch
            ARG Greeting=hello
            COPY manifests/web.yaml manifests
            COPY plugins/after.yaml plugins
            CMD echo "${Greeting} $Place" >/root/application
            CMD kubectl apply -f manifests/web.yaml
            """),
        context);
  }

  @AfterAll
  void cleanUp() throws IOException {
    if (cluster != null) {
      cluster.close();
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  /** Most tests need what others made. */
  private static void require(boolean made) {
    assertThat(made).as("what a test before this one makes").isTrue();
  }

  private ClusterSpec spec(int workers) {
    ClusterSpec.Builder spec =
        ClusterSpec.builder(NAME)
            .image(BaseImage.NAME)
            .controlPlanes(cluster.address(1).toString())
            .workers(cluster.address(2).toString())
            .config(
                new ConfigSpec(
                    "registry",
                    RootfsPath.of("etc/registry.yml"),
                    ConfigSpec.Strategy.OVERWRITE,
                    List.of(),
                    "domain: hub.example.test\nport: 5443\nusername: puller\npassword: "
                        + PASSWORD
                        + "\n"))
            .env("Place", "here, and \"there\"")
            .commandArg("Greeting", "good day")
            .commands(
                List.of(
                    "kubectl apply -f manifests/cni.yaml",
                    "scripts/apply-dns.sh",
                    "echo \"${Greeting} $Place\" >/root/commands"));
    plugins().forEach(spec::plugin);
    if (workers > 1) {
      spec.group(HostGroup.of(List.of(cluster.address(3)), "node"));
    }
    return spec.build();
  }

  private List<PluginSpec> plugins() {
    List<PluginSpec> plugins = new ArrayList<>();
    for (Phase phase : Phase.values()) {
      String text = phase.text();
      plugins.add(shell("phase-" + text.toLowerCase(Locale.ROOT), phase, "node", text, "phases"));
    }
    String first = cluster.address(1).toString();
    String second = cluster.address(2).toString();
    plugins.add(shell("initial", Phase.PRE_INIT, "master0", "initial", "selected"));
    plugins.add(shell("range", Phase.PRE_INIT, first + "-" + second, "range", "selected"));
    plugins.add(shell("labelled", Phase.POST_INSTALL, "disk=ssd", "labelled", "selected"));
    plugins.add(plugin("name", "HOSTNAME", Phase.PRE_INIT, second + " storage-1\n"));
    plugins.add(plugin("labels", "LABEL", Phase.PRE_GUEST, second + " disk=ssd,tier=\n"));
    plugins.add(
        plugin(
            "taints",
            "TAINT",
            Phase.PRE_GUEST,
            first
                + " node-role.kubernetes.io/master:NoSchedule-\n"
                + second
                + " dedicated=storage:PreferNoSchedule\n"));
    plugins.add(
        plugin("backup", "ETCD", Phase.POST_INSTALL, directory.resolve("etcd.db").toString()));
    plugins.add(plugin("wait", "CLUSTERCHECK", Phase.POST_INSTALL, ""));
    return plugins;
  }

  private static PluginSpec shell(String name, Phase phase, String on, String word, String file) {
    return new PluginSpec(
        name, "SHELL", EnumSet.of(phase), on, "echo " + word + " >>/root/" + file + "\n");
  }

  private static PluginSpec plugin(String name, String type, Phase phase, String data) {
    return new PluginSpec(name, type, Set.of(phase), "", data);
  }

  private ClusterSpec application(String greeting) {
    return ClusterSpec.builder(NAME)
        .image(APPLICATION)
        .controlPlanes(cluster.address(1).toString())
        .workers(cluster.address(2).toString())
        .env("Place", "here")
        .commandArg("Greeting", greeting)
        .build();
  }

  private Plan plan(ClusterChange change) {
    return cluster.sealer.runner().plan(change, RealCluster.options());
  }

  @Test
  @Order(1)
  void settingsCommandsAndPluginsOfTheClusterfileAreFollowed() throws IOException {
    cluster.run(new ClusterChange.Apply(spec(1)));

    assertThat(cluster.ready(1)).isEqualTo(2);
    assertThat(cluster.on(1, "cat /root/commands")).isEqualTo("good day here, and \"there\"\n");
    assertThat(cluster.on(2, "cat /root/phases").lines())
        .containsExactly("Originally", "PreInit", "PreInstall", "PreGuest", "PostInstall");
    assertThat(cluster.on(1, "cat /root/selected").lines()).containsExactly("initial", "range");
    assertThat(cluster.on(2, "cat /root/selected").lines()).containsExactly("range", "labelled");
    String node = cluster.on(1, "kubectl get node storage-1 -o yaml");
    assertThat(node).contains("disk: ssd", "tier: \"\"", "key: dedicated", "value: storage");
    assertThat(cluster.on(1, "kubectl get node machine-1 -o jsonpath='{.spec.taints}'")).isEmpty();
    byte[] backup = Files.readAllBytes(directory.resolve("etcd.db"));
    assertThat(backup).hasSizeGreaterThan(100_000);
    // The magic number of bbolt, in which etcd keeps its data.
    assertThat(backup).satisfies(bytes -> assertThat(bytes[16] & 0xff).isEqualTo(0xed));
    assertThat(plan(new ClusterChange.Apply(spec(1))).steps()).isEmpty();
    running = true;
  }

  @Test
  @Order(2)
  void theRegistryIsGuardedAndNoProxyIsAskedForIt() {
    require(running);
    assertThat(cluster.on(1, "cat /var/lib/sealer/data/operated/rootfs/etc/registry_htpasswd"))
        .startsWith("puller:$2y$")
        .doesNotContain(PASSWORD);
    assertThat(
            cluster.on(
                2,
                "HOME=/tmp/nobody docker pull hub.example.test:5443/pause:3.2 2>&1;"
                    + " docker pull -q hub.example.test:5443/pause:3.2"))
        .contains("no basic auth credentials", "hub.example.test:5443/pause:3.2\n");
    String environment = cluster.on(1, "systemctl show --property=Environment docker");
    assertThat(environment)
        .contains("example.org")
        .contains("hub.example.test")
        .contains(cluster.address(1).host())
        .contains(cluster.address(2).host());
    assertThat(proxy.requests()).isEmpty();
  }

  @Test
  @Order(3)
  void anApplicationIsInstalledAndItsImagesComeFromTheRegistryUnderTheirOwnNames() {
    require(running);
    cluster.run(new ClusterChange.Apply(application("welcome")));

    assertThat(cluster.on(1, "cat /root/application")).isEqualTo("welcome here\nafter\n");
    awaitWeb(2);
    assertThat(plan(new ClusterChange.Apply(application("welcome"))).steps()).isEmpty();
    assertThat(plan(new ClusterChange.Apply(application("good morning"))).steps())
        .extracting(Plan.Step::name)
        .containsExactly("command 1: echo \"${Greeting} $Place\" >/root/application");
    ClusterSpec dropped = application("good morning").toBuilder().commands(List.of()).build();
    assertThat(plan(new ClusterChange.Apply(dropped)).steps()).isEmpty();
    assertThat(plan(new ClusterChange.Apply(spec(1))).steps()).isEmpty();
  }

  private void awaitWeb(int nodes) {
    assertThat(
            cluster.on(
                1,
                "for i in $(seq 90); do [ \"$(kubectl get daemonset web -o"
                    + " jsonpath='{.status.numberReady}')\" = "
                    + nodes
                    + " ] && exit 0; sleep 1; done; kubectl get pods -o wide;"
                    + " kubectl get events | tail -n 20"))
        .isEmpty();
  }

  @Test
  @Order(4)
  void aHostJoinsAfterwardsAndHasTheApplicationToo() {
    require(running);
    cluster.run(
        new ClusterChange.Join(NAME, List.of(HostGroup.of(List.of(cluster.address(3)), "node"))));

    assertThat(cluster.ready(1)).isEqualTo(3);
    awaitWeb(3);
    assertThat(cluster.on(3, "ls /var/lib/sealer/data/operated/rootfs/manifests"))
        .contains("web.yaml", "cni.yaml");
    assertThat(cluster.on(3, "cat /root/phases").lines())
        .containsExactly("Originally", "PreInit", "PreInstall", "PreJoin", "PostJoin");
    assertThat(cluster.on(2, "cat /root/phases")).doesNotContain("Join");
    assertThat(plan(new ClusterChange.Apply(spec(2))).steps()).isEmpty();
    joined = true;
  }

  @Test
  @Order(5)
  void theApiServerGetsMoreNames() {
    require(running);
    cluster.run(
        new ClusterChange.ExtendCertificate(NAME, List.of("api.example.test", "203.0.113.7")));

    for (String name : List.of("api.example.test", "203.0.113.7", "apiserver.cluster.local")) {
      assertThat(
              cluster.on(
                  2,
                  "kubectl --cache-dir /tmp/kubectl --kubeconfig /etc/kubernetes/kubelet.conf"
                      + " --server https://"
                      + cluster.address(1).host()
                      + ":6443 --tls-server-name "
                      + name
                      + " get --raw /readyz"))
          .isEqualTo("ok");
    }
  }

  @Test
  @Order(6)
  void commandsAreExecutedOnHostsAndTheClusterIsChecked() {
    require(joined);
    List<HostResult> results =
        cluster
            .sealer
            .runner()
            .exec(NAME, "node", "pwd >/root/executed; hostname", RealCluster.options());
    assertThat(results)
        .extracting(HostResult::outcome)
        .containsExactly(HostResult.Outcome.DONE, HostResult.Outcome.DONE);
    assertThat(cluster.on(2, "cat /root/executed"))
        .isEqualTo("/var/lib/sealer/data/operated/rootfs\n");
    assertThat(cluster.on(1, "ls /root/executed 2>&1 || true")).contains("No such file");

    assertThat(cluster.sealer.runner().check(spec(2), RealCluster.options()))
        .noneMatch(finding -> finding.severity() == Diagnostic.Severity.ERROR);
  }

  @Test
  @Order(7)
  void aHostIsTakenOutAgain() {
    require(joined);
    cluster.run(new ClusterChange.Remove(NAME, List.of(cluster.address(3))));

    assertThat(cluster.ready(1)).isEqualTo(2);
    assertThat(cluster.on(3, "cat /root/phases; rm /root/phases").lines())
        .endsWith("PreClean", "PostClean");
    cluster.on(3, "rm /root/executed");
    cluster.assertAsBefore(3, before.get(3));
  }

  @Test
  @Order(8)
  void nodesAreUpgradedOneByOneWhileTheApplicationStays() throws Exception {
    require(running);
    BaseImage.build(cluster.machines, directory, NEWER);

    cluster.run(new ClusterChange.Upgrade(NAME, "kubernetes:" + NEWER));

    assertThat(
            cluster.on(
                1, "kubectl get nodes -o jsonpath='{.items[*].status.nodeInfo.kubeletVersion}'"))
        .isEqualTo(NEWER + " " + NEWER);
    assertThat(cluster.on(1, "kubectl version -o json | grep gitVersion"))
        .doesNotContain("v1.20.2");
    assertThat(
            cluster.on(
                1,
                "kubectl -n kube-system get pods -o"
                    + " jsonpath='{.items[*].spec.containers[*].image}'"))
        .contains("kube-scheduler:" + NEWER, "kube-proxy:" + NEWER)
        .doesNotContain("coredns");
    assertThat(cluster.ready(1)).isEqualTo(2);
    awaitWeb(2);
    assertThat(plan(new ClusterChange.Upgrade(NAME, "kubernetes:" + NEWER)).steps()).isEmpty();
  }

  @Test
  @Order(9)
  void nothingStaysWhenItIsDeleted() {
    require(running);
    cluster.run(new ClusterChange.Delete(NAME));

    assertThat(cluster.on(2, "cat /root/phases").lines()).endsWith("PreClean", "PostClean");
    for (int i = 1; i <= 2; i++) {
      cluster.on(i, "cd /root; rm -f phases selected commands application executed");
      cluster.assertAsBefore(i, before.get(i));
    }
    assertThat(cluster.on(2, "hostname")).isEqualTo("machine-2\n");
    assertThat(proxy.requests()).isEmpty();
  }

  private static final String WEB =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: web}
      spec:
        selector:
          matchLabels: {app: web}
        template:
          metadata:
            labels: {app: web}
          spec:
            terminationGracePeriodSeconds: 1
            tolerations:
              - operator: Exists
            containers:
              - name: of-quay
                image: quay.io/library/busybox:1.35
                imagePullPolicy: Always
                command: [sleep, "1000000"]
              - name: of-docker
                image: busybox:1.35
                imagePullPolicy: Always
                command: [sleep, "1000000"]
      """;
}
