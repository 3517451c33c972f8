package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.ssh.HostKeyPolicy;
import cloud.sealer.ssh.SshHostConnector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * A real Kubernetes on machines of its own, from the image of {@code sdk-examples/kubernetes}. One
 * set of machines lives through the whole life of a cluster, so the tests have an order.
 */
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealClusterIT {
  private static final Path SCRIPTS = Path.of("../../sdk-examples/kubernetes").toAbsolutePath();
  private static final String NAME = "real";
  private static final String READY =
      "kubectl get nodes --no-headers | awk '$2 == \"Ready\"' | wc -l";

  /** What must be the same before and after a cluster, but for what machines do by themselves. */
  private static final Map<String, String> TRACES =
      Map.of(
          "mounts", "awk '{ print $5 }' /proc/self/mountinfo | sort -u",
          "files",
              "find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp"
                  + " -o -path /var/log -o -path /var/lib/docker -o -path /var/lib/systemd"
                  + " -o -path /root/.bash_history -o -path /var/lib/containerd \\) -prune"
                  + " -o -type f -print -o -type l -print | sort",
          "hosts", "cat /etc/hosts",
          "devices", "ls /sys/class/net | sort",
          "routes", "ip route | sort",
          "rules",
              "for t in iptables iptables-legacy ip6tables; do command -v $t-save >/dev/null &&"
                  + " $t-save 2>/dev/null | grep -E '^(:|-A)' | sed 's/ \\[.*//'; done; true",
          "processes",
              "ps -eo comm= | grep -E 'kube|etcd|haproxy|docker-registry|registry|coredns|pause'"
                  + " | sort -u");

  private final Map<Integer, Map<String, String>> before = new TreeMap<>();
  @TempDir static Path directory;
  private int done;
  private Machines machines;
  private Sealer sealer;

  @BeforeAll
  void prepare() throws IOException, InterruptedException {
    BaseImage.require();
    machines =
        new Machines(SCRIPTS, directory.resolve("machines"), directory.resolve("machine-images"));
    Path store = BaseImage.build(machines, directory);
    machines.start(3, "bare");
    machines.start(1, "docker");
    for (int i = 1; i <= 4; i++) {
      before.put(i, traces(i));
    }
    sealer =
        Sealer.builder()
            .store(store)
            .clusters(directory.resolve("clusters"))
            .hostConnector(
                SshHostConnector.builder(HostKeyPolicy.acceptNew(directory.resolve("known_hosts")))
                    .build())
            .build();
  }

  @AfterAll
  void cleanUp() {
    if (sealer != null) {
      sealer.close();
    }
    if (machines != null) {
      machines.close();
    }
  }

  /** Each test needs what the one before it made. */
  private void after(int tests) {
    assertThat(done).as("tests before this one that passed").isEqualTo(tests);
  }

  private Map<String, String> traces(int machine) {
    Map<String, String> traces = new ConcurrentHashMap<>();
    TRACES.forEach((name, script) -> traces.put(name, machines.on(machine, script)));
    return traces;
  }

  private ClusterSpec spec() {
    return ClusterSpec.builder(NAME)
        .image(BaseImage.NAME)
        .ssh(SshOptions.builder().password(Secret.of(Machines.PASSWORD)).build())
        .controlPlanes(machines.address(1).toString())
        .workers(machines.address(4).toString())
        .build();
  }

  private static RunOptions options(EventListener listener) {
    return RunOptions.builder().listener(listener).secrets(RealClusterIT::secret).build();
  }

  private static java.util.Optional<Secret> secret(
      cloud.sealer.sdk.SecretProvider.Kind kind, cloud.sealer.sdk.HostAddress host, String user) {
    return java.util.Optional.of(Secret.of(Machines.PASSWORD));
  }

  private static RunOptions options() {
    return options(RealClusterIT::show);
  }

  private static void show(Event event) {
    if (event instanceof Event.Started started && started.kind() == Event.TaskKind.STEP) {
      System.out.println(started.time() + " " + started.name());
    } else if (event instanceof Event.Notice notice) {
      System.out.println(notice.message());
    } else if (event instanceof Event.Output output) {
      System.out.println("    " + output.line());
    }
  }

  @Test
  @Order(1)
  void aRunThatIsCancelledWithinKubeadmInitGoesOnWhereItStopped() throws Exception {
    after(0);
    Runner runner = sealer.runner();
    Thread[] running = new Thread[1];
    AtomicBoolean interrupted = new AtomicBoolean();
    CompletableFuture<SealerException> failure = new CompletableFuture<>();
    EventListener interrupting =
        event -> {
          show(event);
          if (event instanceof Event.Output output
              && output.line().contains("[kubelet-start] Starting the kubelet")) {
            interrupted.set(true);
            running[0].interrupt();
          }
        };
    running[0] =
        new Thread(
            () -> {
              try {
                runner.run(new ClusterChange.Apply(spec()), options(interrupting));
                failure.completeExceptionally(new AssertionError("it was not cancelled"));
              } catch (SealerException e) {
                failure.complete(e);
              } catch (RuntimeException e) {
                failure.completeExceptionally(e);
              }
            });
    running[0].start();
    assertThat(await(failure)).isNotNull();
    assertThat(interrupted).isTrue();

    runner.run(new ClusterChange.Apply(spec()), options());

    assertThat(machines.on(1, READY).strip()).isEqualTo("2");
    done = 1;
  }

  private static SealerException await(CompletableFuture<SealerException> failure)
      throws InterruptedException {
    try {
      return failure.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Test
  @Order(2)
  void theSameAgainIsNothingToDo() {
    after(1);
    assertThat(sealer.runner().plan(new ClusterChange.Apply(spec()), options()).steps()).isEmpty();
    done = 2;
  }

  @Test
  @Order(3)
  void joinsControlPlanesAndKeepsTheApiReachableWithoutOne() {
    after(2);
    sealer
        .runner()
        .run(
            new ClusterChange.Join(
                NAME,
                List.of(HostGroup.of(List.of(machines.address(2), machines.address(3)), "master"))),
            options());
    assertThat(machines.on(2, READY).strip()).isEqualTo("4");

    machines.on(1, "systemctl stop kubelet; docker ps -q | xargs -r docker stop -t 1 >/dev/null");
    String seen =
        machines.on(
            4,
            "for i in $(seq 30); do kubectl --cache-dir /tmp/kubectl --kubeconfig"
                + " /etc/kubernetes/kubelet.conf --request-timeout=5s get node $(hostname) && exit"
                + " 0; sleep 2; done; exit 1");
    assertThat(seen).contains("machine-4");
    machines.on(
        1,
        "systemctl start kubelet; for i in $(seq 60); do kubectl get --raw /readyz && exit 0;"
            + " sleep 2; done; exit 1");
    done = 3;
  }

  @Test
  @Order(4)
  void removesAHostWithItsMemberOfEtcd() {
    after(3);
    sealer.runner().run(new ClusterChange.Remove(NAME, List.of(machines.address(3))), options());

    assertThat(machines.on(1, "kubectl get nodes --no-headers")).doesNotContain("machine-3");
    assertThat(
            machines.on(
                1,
                "kubectl -n kube-system exec etcd-machine-1 -- etcdctl"
                    + " --endpoints=https://127.0.0.1:2379"
                    + " --cacert=/etc/kubernetes/pki/etcd/ca.crt"
                    + " --cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt"
                    + " --key=/etc/kubernetes/pki/etcd/healthcheck-client.key member list"))
        .doesNotContain("machine-3");
    assertCleanAgain(3);
    done = 4;
  }

  @Test
  @Order(5)
  void deleteLeavesNothing() {
    after(4);
    sealer.runner().run(new ClusterChange.Delete(NAME), options());

    for (int i = 1; i <= 4; i++) {
      assertCleanAgain(i);
    }
    assertThat(sealer.runner().clusters()).isEmpty();
    assertThatThrownBy(() -> sealer.runner().plan(new ClusterChange.Delete(NAME), options()))
        .isInstanceOfSatisfying(
            SealerException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CLUSTER_NOT_FOUND));
  }

  private void assertCleanAgain(int machine) {
    Map<String, String> after = traces(machine);
    TRACES
        .keySet()
        .forEach(
            trace ->
                assertThat(after.get(trace).lines().toList())
                    .as("%s of machine %d", trace, machine)
                    .containsExactlyInAnyOrderElementsOf(
                        before.get(machine).get(trace).lines().toList()));
  }
}
