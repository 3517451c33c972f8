package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way as the README shows it, with the packed program: the base image and an application
 * are built, fresh machines without a way outside become a cluster, the same again is nothing to
 * do, and the machines are given back.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunClusterIT {
  private static final Path SCRIPTS = Path.of("../kubernetes").toAbsolutePath().normalize();
  private static final String PASSWORD = "Seadent123";
  private static final int MINUTES = 25 * 60;

  @TempDir static Path work;
  private final List<String> addresses = new ArrayList<>();
  private final Map<Integer, String> before = new TreeMap<>();

  @BeforeAll
  void startMachines() {
    RealTools.require(
        "docker", "dockerd", "docker-registry", "skopeo", "debootstrap", "ssh-keyscan");
    script("make-rootfs", work.resolve("base"));
    script("make-machine", work.resolve("machine-images"));
    Program.Result up =
        Program.start(
                work,
                "env",
                "MACHINE_PASSWORD=" + PASSWORD,
                SCRIPTS.resolve("machines"),
                "up",
                work.resolve("machines"),
                work.resolve("machine-images"),
                2,
                "bare")
            .end(MINUTES)
            .succeeds();
    up.out().lines().map(line -> line.split(" ")[0]).forEach(addresses::add);
    assertThat(addresses).hasSize(2);
    for (int machine = 1; machine <= 2; machine++) {
      before.put(machine, on(machine, TRACES));
    }
  }

  @AfterAll
  void stopMachines() {
    if (Files.exists(work.resolve("machines"))) {
      script("machines", "down", work.resolve("machines"));
    }
  }

  private void script(String name, Object... arguments) {
    Object[] command =
        Stream.concat(Stream.of(SCRIPTS.resolve(name)), Stream.of(arguments)).toArray();
    Program.start(work, command).end(MINUTES).succeeds();
  }

  /** The program, with a home of its own. */
  private Program.Result sealer(Object... arguments) {
    Object[] command =
        Stream.concat(
                Stream.of(
                    "env",
                    "HOME=" + work,
                    "SEALER_STORE=" + work.resolve("store"),
                    Program.sealer()),
                Stream.of(arguments))
            .toArray();
    return Program.start(work, command).end(MINUTES);
  }

  /** The same, with the password of the machines in its standard input. */
  private Program.Result withPassword(Object... arguments) {
    Object[] command =
        Stream.concat(
                Stream.of(
                    "env",
                    "HOME=" + work,
                    "SEALER_STORE=" + work.resolve("store"),
                    "PASSWORD_OF_TEST=" + PASSWORD,
                    "sh",
                    "-c",
                    "printf '%s\\n' \"$PASSWORD_OF_TEST\" | env -u PASSWORD_OF_TEST \"$0\" \"$@\"",
                    Program.sealer()),
                Stream.concat(Stream.of(arguments), Stream.of("-p", "-")))
            .toArray();
    return Program.start(work, command).end(MINUTES);
  }

  private String on(int machine, String script) {
    return Program.run(
            work,
            "docker",
            "-H",
            "unix://" + work.resolve("machines/docker.sock"),
            "exec",
            "machine-" + machine,
            "sh",
            "-c",
            script)
        .succeeds()
        .out();
  }

  @Test
  void anImageBecomesAClusterAndIsTakenAwayAgain() throws IOException {
    buildTheBaseImage();
    buildTheApplication();
    knowTheMachines();

    Program.Result run =
        sealer(
                "run",
                "my-dashboard:v1",
                "-m",
                addresses.get(0),
                "-n",
                addresses.get(1),
                "-p",
                PASSWORD)
            .succeeds();
    show("sealer run my-dashboard:v1 -m … -n … -p …", run.err() + run.out());
    assertThat(run.out() + run.err()).doesNotContain(PASSWORD);
    nodesAreReadyAndPodsRun();

    String[] same = {"run", "my-dashboard:v1", "-m", addresses.get(0), "-n", addresses.get(1)};
    Program.Result again = withPassword((Object[]) same).succeeds();
    show("the same again", again.out());
    assertThat(again.out()).contains("nothing to do");
    itIsLookedAt(same);

    Program.Result delete =
        sealer("delete", "-c", "my-cluster", "--force", "-p", PASSWORD).succeeds();
    show("sealer delete -c my-cluster --force", delete.err() + delete.out());
    for (int machine = 1; machine <= 2; machine++) {
      String after = on(machine, TRACES);
      show("differences on machine-" + machine, differences(before.get(machine), after));
      assertThat(after.lines().toList())
          .as("traces on machine-%d", machine)
          .containsExactlyInAnyOrderElementsOf(before.get(machine).lines().toList());
      String left =
          on(
              machine,
              "ls -d /var/lib/sealer /etc/kubernetes /var/lib/kubelet /var/lib/etcd"
                  + " /etc/cni/net.d 2>/dev/null; grep -E 'sea.hub|apiserver' /etc/hosts; true");
      assertThat(left).as("left on machine-%d", machine).isEmpty();
    }
  }

  /** What changes nothing on a cluster that is there. */
  private void itIsLookedAt(String[] run) throws IOException {
    List<Object> plan = new ArrayList<>(List.of("plan"));
    plan.addAll(List.of(run));
    assertThat(withPassword(plan.toArray()).succeeds().out()).contains("nothing to do");

    Program.Result check = withPassword("check", "-c", "my-cluster", "--post").succeeds();
    show("sealer check -c my-cluster --post", check.out());

    Program.Result exec =
        withPassword("exec", "-c", "my-cluster", "--progress", "json", "hostname").succeeds();
    List<String> printed = new ArrayList<>();
    for (String line : exec.out().lines().toList()) {
      JsonNode event = new ObjectMapper().readTree(line);
      assertThat(event.isObject()).as(line).isTrue();
      if (event.path("event").asText().equals("output")) {
        printed.add(event.path("line").asText());
      }
    }
    assertThat(printed).containsExactlyInAnyOrder("machine-1", "machine-2");
    assertThat(exec.out() + exec.err()).doesNotContain(PASSWORD);
  }

  private static String differences(String before, String after) {
    Set<String> gone = new TreeSet<>(before.lines().toList());
    Set<String> more = new TreeSet<>(after.lines().toList());
    more.removeAll(gone);
    gone.removeAll(after.lines().toList());
    return "gone: " + gone + "\nleft: " + more;
  }

  private void buildTheBaseImage() throws IOException {
    Path registry = Files.createDirectories(work.resolve("registry"));
    try (StockRegistry images = StockRegistry.serve(work.resolve("base/registry"), registry)) {
      sealer(
              "build",
              "-t",
              "kubernetes:v1.20.2",
              "--progress",
              "plain",
              "--plain-http",
              images.address(),
              "--mirror",
              "k8s.gcr.io=" + images.address(),
              "--mirror",
              "docker.io=" + images.address(),
              work.resolve("base/context"))
          .succeeds();
    }
  }

  /** The application's images are made from busybox, under the names that its manifest has. */
  private void buildTheApplication() throws IOException {
    Path context = Files.createDirectories(work.resolve("application"));
    Files.writeString(
        context.resolve("Kubefile"),
        """
        FROM kubernetes:v1.20.2
        COPY recommended.yaml manifests
        CMD kubectl apply -f manifests/recommended.yaml
        """);
    Files.writeString(context.resolve("recommended.yaml"), MANIFEST);
    Path directory = Files.createDirectories(work.resolve("upstream"));
    try (StockRegistry base = StockRegistry.serve(work.resolve("base/registry"), directory);
        StockRegistry upstream = StockRegistry.start(directory)) {
      for (String image :
          List.of("kubernetesui/dashboard:v2.2.0", "kubernetesui/metrics-scraper:v1.0.6")) {
        Program.run(
                work,
                "skopeo",
                "copy",
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                "docker://" + base.address() + "/library/busybox:1.35",
                "docker://" + upstream.address() + "/" + image)
            .succeeds();
      }
      sealer(
              "build",
              "-t",
              "my-dashboard:v1",
              "--plain-http",
              upstream.address(),
              "--mirror",
              "docker.io=" + upstream.address(),
              context)
          .succeeds();
    }
  }

  private void knowTheMachines() throws IOException {
    Path ssh = Files.createDirectories(work.resolve(".ssh"));
    List<Object> command = new ArrayList<>(List.of("ssh-keyscan", "-T", "20"));
    command.addAll(addresses);
    Files.writeString(
        ssh.resolve("known_hosts"), Program.run(work, command.toArray()).succeeds().out());
  }

  private void nodesAreReadyAndPodsRun() {
    String nodes =
        on(
            1,
            "for i in $(seq 60); do kubectl get nodes --no-headers | awk '$2 != \"Ready\"' | grep"
                + " -q . || break; sleep 2; done; kubectl get nodes -o wide");
    show("kubectl get nodes -o wide", nodes);
    assertThat(nodes.lines().filter(line -> line.contains(" Ready ")).count()).isEqualTo(2);
    String pods =
        on(
            1,
            "kubectl -n kubernetes-dashboard wait --for=condition=Available --timeout=150s"
                + " deployment/kubernetes-dashboard >/dev/null; kubectl get pods -A -o wide");
    show("kubectl get pods -A -o wide", pods);
    assertThat(
            pods.lines()
                .filter(line -> line.startsWith("kubernetes-dashboard") && line.contains("Running"))
                .count())
        .isEqualTo(2);
    assertThat(on(2, "ip route get 198.51.100.1 2>&1 && ping -c 1 -W 2 198.51.100.1 2>&1 || true"))
        .as("a way outside")
        .doesNotContain("1 received");
  }

  private static void show(String title, String text) {
    System.out.println("== " + title + "\n" + text.stripTrailing());
  }

  /** What must be the same before and after, but for what machines do by themselves. */
  private static final String TRACES =
      """
      awk '{ print "mount", $5 }' /proc/self/mountinfo | sort -u
      skipped='/proc /sys /run /tmp /var/log /var/lib/docker /var/lib/systemd /var/lib/containerd'
      set -- -path /root/.bash_history
      for path in $skipped; do set -- "$@" -o -path "$path"; done
      find / -xdev \\( "$@" \\) -prune -o -type f -print -o -type l -print | sort | sed 's/^/file /'
      sed 's/^/hosts /' /etc/hosts
      ls /sys/class/net | sort | sed 's/^/device /'
      ip route | sort | sed 's/^/route /'
      for variant in iptables iptables-legacy ip6tables; do
        command -v "$variant-save" >/dev/null || continue
        "$variant-save" 2>/dev/null | grep -E '^(:|-A)' | sed 's/ \\[.*//' |
          grep -vE '^:[A-Z]+ ACCEPT$' | sed "s/^/$variant /"
      done
      ps -eo comm= | grep -E 'kube|etcd|haproxy|registry|coredns|pause|docker|containerd' |
        sort -u | sed 's/^/process /'
      ! command -v docker >/dev/null || docker ps -aq | sed 's/^/container /'
      true
      """;

  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Namespace
      metadata:
        name: kubernetes-dashboard
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: kubernetes-dashboard
        namespace: kubernetes-dashboard
      spec:
        replicas: 2
        selector:
          matchLabels: {app: kubernetes-dashboard}
        template:
          metadata:
            labels: {app: kubernetes-dashboard}
          spec:
            containers:
              - name: kubernetes-dashboard
                image: kubernetesui/dashboard:v2.2.0
                command: [/bin/busybox, httpd, -f, -p, "9090", -h, /]
                readinessProbe:
                  httpGet: {path: /bin/busybox, port: 9090}
              - name: dashboard-metrics-scraper
                image: kubernetesui/metrics-scraper:v1.0.6
                command: [/bin/busybox, sleep, "1000000"]
      """;
}
