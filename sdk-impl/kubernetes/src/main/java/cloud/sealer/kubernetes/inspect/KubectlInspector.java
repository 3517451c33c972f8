package cloud.sealer.kubernetes.inspect;

import cloud.sealer.core.run.OutputLines;
import cloud.sealer.core.run.OutputTail;
import cloud.sealer.kubernetes.shell.ShellText;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.ClusterInspector;
import cloud.sealer.sdk.spi.HostCommand;
import cloud.sealer.sdk.spi.HostOutput;
import cloud.sealer.sdk.spi.HostSession;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at a cluster through {@code kubectl} on a host. Thread-safe. */
public final class KubectlInspector implements ClusterInspector {
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final String WORKLOADS = "deployments,statefulsets,daemonsets,jobs,cronjobs";

  /** What kubeadm and the kubelet pull for themselves comes from here. */
  private static final String REPOSITORY =
      "{{with .data}}{{with .ClusterConfiguration}}{{.}}{{end}}{{end}}";

  /** Called by {@link java.util.ServiceLoader}. */
  public KubectlInspector() {}

  @Override
  public Observation observe(HostSession session, Request request, Task parent) {
    Snapshot settled = settle(session, request, parent);
    return new Observation(settled.images(), registry(session, request, parent));
  }

  /** Not everybody who may list pods may read how the cluster was made. */
  private static Optional<String> registry(HostSession session, Request request, Task task) {
    try {
      return registry(session, request);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.COMMAND_FAILED) {
        throw e;
      }
      task.notice("the registry of the cluster is not known: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Snapshot settle(HostSession session, Request request, Task parent) {
    try (Task task = parent.start(Event.TaskKind.SETTLE, "workloads of the cluster", -1)) {
      long start = System.nanoTime();
      long quietSince = start;
      Snapshot last = look(session, request);
      List<String> told = List.of();
      while (!last.restless().isEmpty() || elapsed(quietSince) < request.quietPeriod().toNanos()) {
        if (elapsed(start) > request.settleTimeout().toNanos()) {
          throw unsettled(request, last);
        }
        if (!last.restless().equals(told)) {
          told = last.restless();
          told.forEach(task::output);
        }
        pause();
        Snapshot now = look(session, request);
        if (!now.restless().isEmpty() || !now.identity().equals(last.identity())) {
          quietSince = System.nanoTime();
        }
        last = now;
      }
      task.done(last.identity().size() + " pods and workloads at rest");
      return last;
    }
  }

  private static long elapsed(long since) {
    return System.nanoTime() - since;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      throw SealerException.cancelled("waiting for the workloads of the cluster");
    }
  }

  private static SealerException unsettled(Request request, Snapshot last) {
    List<String> restless =
        last.restless().isEmpty() ? List.of("pods come and go") : last.restless();
    return SealerException.builder(
            ErrorCode.CLUSTER_UNSETTLED,
            "the workloads of the cluster did not come to rest within "
                + request.settleTimeout().toSeconds()
                + " s:\n  "
                + String.join("\n  ", restless))
        .remedy("mend what is said above, or wait longer (--settle-timeout)")
        .detail("count", restless.size())
        .build();
  }

  private static Snapshot look(HostSession session, Request request) {
    PodReader pods = new PodReader();
    kubectl(session, request, pods::line, "pods", "-A", "-o", "go-template=" + text("pods.tmpl"));
    WorkloadReader workloads = new WorkloadReader();
    kubectl(
        session,
        request,
        workloads::line,
        WORKLOADS,
        "-A",
        "-o",
        "go-template=" + text("workloads.tmpl"));
    return pods.result().and(workloads.result());
  }

  private static Optional<String> registry(HostSession session, Request request) {
    List<String> lines = new ArrayList<>();
    kubectl(
        session,
        request,
        lines::add,
        "configmap",
        "kubeadm-config",
        "-n",
        "kube-system",
        "--ignore-not-found",
        "-o",
        "go-template=" + REPOSITORY);
    return lines.stream()
        .filter(line -> line.startsWith("imageRepository:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip().replaceAll("^\"|\"$", ""))
        .map(repository -> repository.split("/", 2)[0])
        .filter(host -> host.contains(".") || host.contains(":"))
        .findFirst();
  }

  private static void kubectl(
      HostSession session, Request request, Consumer<String> lines, String... arguments) {
    String words = Stream.of(arguments).map(ShellText::quote).collect(Collectors.joining(" "));
    HostCommand.Builder command =
        HostCommand.builder("kubectl --request-timeout=60s get " + words)
            .title("kubectl get " + arguments[0])
            .timeout(TIMEOUT);
    request.environment().forEach(command::environment);
    OutputTail complaints = new OutputTail();
    OutputLines stdout = new OutputLines(lines);
    OutputLines stderr = new OutputLines(complaints::add);
    HostSession.ExitStatus status = session.exec(command.build(), output(stdout, stderr));
    stdout.end();
    stderr.end();
    if (!status.ok()) {
      throw failed(session, arguments[0], status, complaints);
    }
  }

  private static HostOutput output(OutputLines stdout, OutputLines stderr) {
    return new HostOutput() {
      @Override
      public void stdout(byte[] bytes, int offset, int length) {
        stdout.write(bytes, offset, length);
      }

      @Override
      public void stderr(byte[] bytes, int offset, int length) {
        stderr.write(bytes, offset, length);
      }
    };
  }

  private static SealerException failed(
      HostSession session, String what, HostSession.ExitStatus status, OutputTail complaints) {
    return SealerException.builder(
            ErrorCode.COMMAND_FAILED,
            session.host().address()
                + ": the cluster cannot be asked for its "
                + what
                + ": kubectl ended with "
                + status
                + ":\n"
                + String.join("\n", complaints.lines()))
        .remedy(
            status.status() == 127
                ? "install kubectl on this machine, or put it into bin/ of the rootfs"
                : "check that the kubeconfig is right, and that its API server can be reached")
        .detail("status", status.status())
        .build();
  }

  private static String text(String resource) {
    try (InputStream in = KubectlInspector.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the artifact lacks " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
