package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.HostAddress;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.RunResult;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.ssh.HostKeyPolicy;
import cloud.sealer.ssh.SshHostConnector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Machines, the image of {@code sdk-examples/kubernetes} in a store, and who runs it on them. */
final class RealCluster implements AutoCloseable {
  static final Path SCRIPTS = Path.of("../../sdk-examples/kubernetes").toAbsolutePath().normalize();

  /** What must be the same before and after a cluster, but for what machines do by themselves. */
  private static final Map<String, String> TRACES =
      Map.of(
          "mounts",
          // An engine that stays keeps this one once it has seen a container in the host's network.
          "if command -v dockerd >/dev/null; then own=/run/docker/netns/default; fi;"
              + " awk -v own=\"$own\" '$5 != own { print $5 }' /proc/self/mountinfo | sort -u",
          "files",
          "find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/log"
              + " -o -path /var/lib/docker -o -path /var/lib/systemd -o -path /root/.bash_history"
              + " -o -path /var/lib/containerd \\) -prune -o -type f -print -o -type l -print |"
              + " sort",
          "hosts",
          "cat /etc/hosts",
          "devices",
          "ls /sys/class/net | sort",
          "routes",
          "ip route | sort",
          "rules",
          // A table that was asked for once has its chains, which let everything through.
          "for t in iptables iptables-legacy ip6tables; do command -v $t-save >/dev/null &&"
              + " $t-save 2>/dev/null | grep -E '^(:|-A)' | sed 's/ \\[.*//'"
              + " | grep -vE '^:[A-Z]+ ACCEPT$'; done; true",
          "processes",
          "ps -eo comm= | grep -E 'kube|etcd|haproxy|docker-registry|registry|coredns|pause'"
              + " | sort -u");

  final Path directory;
  final Machines machines;
  final Sealer sealer;

  /** Makes the image, and no machine yet. */
  RealCluster(Path directory) throws IOException, InterruptedException {
    BaseImage.require();
    this.directory = directory;
    machines =
        new Machines(SCRIPTS, directory.resolve("machines"), directory.resolve("machine-images"));
    sealer =
        Sealer.builder()
            .store(BaseImage.build(machines, directory))
            .clusters(directory.resolve("clusters"))
            .hostConnector(
                SshHostConnector.builder(HostKeyPolicy.acceptNew(directory.resolve("known_hosts")))
                    .build())
            .build();
  }

  HostAddress address(int machine) {
    return machines.address(machine);
  }

  String on(int machine, String script) {
    return machines.on(machine, script);
  }

  static RunOptions options(EventListener listener) {
    return RunOptions.builder()
        .listener(
            event -> {
              show(event);
              listener.onEvent(event);
            })
        .secrets((kind, host, user) -> Optional.of(Secret.of(Machines.PASSWORD)))
        .build();
  }

  static RunOptions options() {
    return options(EventListener.NONE);
  }

  private static void show(Event event) {
    if (event instanceof Event.Started started && started.kind() == Event.TaskKind.STEP) {
      System.out.println(started.time().toString().substring(11, 22) + " " + started.name());
    } else if (event instanceof Event.Notice notice) {
      System.out.println(notice.message());
    } else if (event instanceof Event.Output output) {
      System.out.println("    " + output.line());
    }
  }

  RunResult run(ClusterChange change) {
    return sealer.runner().run(change, options());
  }

  /** Applies a spec and interrupts that when a line is printed. */
  void interrupt(ClusterSpec spec, String line) throws InterruptedException {
    CompletableFuture<SealerException> failure = new CompletableFuture<>();
    Thread[] running = new Thread[1];
    EventListener listener =
        event -> {
          if (event instanceof Event.Output output && output.line().contains(line)) {
            running[0].interrupt();
          }
        };
    running[0] =
        new Thread(
            () -> {
              try {
                sealer.runner().run(new ClusterChange.Apply(spec), options(listener));
                failure.completeExceptionally(new AssertionError("it was not cancelled"));
              } catch (SealerException e) {
                failure.complete(e);
              } catch (RuntimeException e) {
                failure.completeExceptionally(e);
              }
            });
    running[0].start();
    try {
      failure.get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  /** How many nodes the API server calls ready. */
  int ready(int controlPlane) {
    return Integer.parseInt(
        on(controlPlane, "kubectl get nodes --no-headers | awk '$2 == \"Ready\"' | wc -l").strip());
  }

  Map<String, String> traces(int machine) {
    Map<String, String> traces = new TreeMap<>();
    TRACES.forEach((name, script) -> traces.put(name, on(machine, script)));
    return traces;
  }

  void assertAsBefore(int machine, Map<String, String> before) {
    Map<String, String> after = traces(machine);
    before.forEach(
        (name, trace) ->
            assertThat(after.get(name).lines().toList())
                .as("%s of machine %d", name, machine)
                .containsExactlyInAnyOrderElementsOf(trace.lines().toList()));
  }

  @Override
  public void close() {
    sealer.close();
    machines.close();
  }
}
