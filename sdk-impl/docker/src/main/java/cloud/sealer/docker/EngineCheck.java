package cloud.sealer.docker;

import cloud.sealer.core.host.HostFailure;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.Task;
import com.github.dockerjava.api.model.Info;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Whether an engine can carry machines: everything that stands against it, each with a remedy. */
final class EngineCheck {
  private static final Set<String> DRIVERS = Set.of("overlay2", "overlayfs", "btrfs", "zfs");
  private static final int MIN_CPUS = 2;
  private static final long MIN_DISK = 8L << 30;

  private final EngineClient engine;
  private final InfrastructureSpec spec;
  private final List<String> findings = new ArrayList<>();

  private EngineCheck(EngineClient engine, InfrastructureSpec spec) {
    this.engine = engine;
    this.spec = spec;
  }

  static void check(EngineClient engine, InfrastructureSpec spec, Task task) {
    EngineCheck check = new EngineCheck(engine, spec);
    check.look(check.info(), task);
    if (!check.findings.isEmpty()) {
      throw SealerException.builder(
              ErrorCode.PREFLIGHT_FAILED,
              "the docker engine at "
                  + engine.engine()
                  + " cannot carry the machines:\n  "
                  + String.join("\n  ", check.findings))
          .remedy("mend what is said above, or use another engine")
          .detail("count", check.findings.size())
          .build();
    }
  }

  private Info info() {
    try {
      return engine.get().infoCmd().exec();
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw SealerException.cancelled("asking the docker engine");
      }
      throw SealerException.builder(
              ErrorCode.PREFLIGHT_FAILED,
              "the docker engine at "
                  + engine.engine()
                  + " does not answer: "
                  + EngineClient.reason(e))
          .remedy(unreachable())
          .retryable(true)
          .cause(e)
          .detail("engine", engine.engine())
          .build();
    }
  }

  private String unreachable() {
    if ("unix".equals(engine.engine().getScheme())) {
      Path socket = Path.of(engine.engine().getPath());
      if (!Files.exists(socket)) {
        return "start docker, or say where it listens: there is no socket " + socket;
      }
      if (!Files.isWritable(socket)) {
        return "let this user use docker (group docker), or run as root";
      }
      return "start docker again: nobody answers at " + socket;
    }
    return engine.certificates() == null
        ? "check address and port; an engine that wants TLS needs the directory of certificates"
        : "check address, port, and that ca.pem, cert.pem and key.pem in "
            + engine.certificates()
            + " are those of the engine";
  }

  private void look(Info info, Task task) {
    if (!"linux".equals(info.getOsType())) {
      findings.add("its containers run " + info.getOsType() + "; machines need Linux");
    }
    if (!DRIVERS.contains(String.valueOf(info.getDriver()))) {
      findings.add(
          "its storage driver is "
              + info.getDriver()
              + "; set \"storage-driver\": \"overlay2\" in daemon.json");
    }
    List<String> security = info.getSecurityOptions();
    if (security != null && security.stream().anyMatch(each -> each.contains("name=rootless"))) {
      findings.add("it is rootless, but machines need a privileged container: use one of root");
    }
    if ("none".equals(info.getCGroupDriver())) {
      findings.add("it has no control groups; mount them, or set the cgroup driver to systemd");
    }
    cpus(info.getNCPU() == null ? 0 : info.getNCPU());
    memory(info.getMemTotal() == null ? 0 : info.getMemTotal());
    disk(String.valueOf(info.getDockerRootDir()), task);
  }

  private void cpus(int there) {
    if (there < MIN_CPUS) {
      findings.add("it has " + there + " processor; kubeadm wants " + MIN_CPUS);
    }
    int most = spec.groups().stream().mapToInt(MachineGroup::cpus).max().orElse(0);
    if (most > there) {
      findings.add("a machine is to have " + most + " processors; it has only " + there);
    }
  }

  private void memory(long there) {
    long wanted = total(group -> group.memory() * group.count());
    if (wanted > there) {
      findings.add(
          "the machines are to have "
              + (wanted >> 20)
              + " MiB of memory together; it has "
              + (there >> 20)
              + ": ask for less");
    }
  }

  private long total(ToLongFunction<MachineGroup> of) {
    return spec.groups().stream().mapToLong(of).sum();
  }

  private void disk(String root, Task task) {
    Path directory = Path.of(root);
    if (!"unix".equals(engine.engine().getScheme()) || !Files.isDirectory(directory)) {
      task.notice("how much room the engine's disk has cannot be seen from here");
      return;
    }
    try {
      long free = Files.getFileStore(directory).getUsableSpace();
      if (free < MIN_DISK) {
        findings.add(
            "the disk of "
                + directory
                + " has "
                + (free >> 20)
                + " MiB left, less than "
                + (MIN_DISK >> 20)
                + ": make room (docker system prune)");
      }
    } catch (IOException e) {
      task.notice("the room of " + directory + " cannot be seen: " + HostFailure.reason(e));
    }
  }
}
