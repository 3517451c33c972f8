package cloud.sealer.cli;

import cloud.sealer.testkit.CloudMachines;
import java.nio.file.Path;

/**
 * Containers of a docker engine, with systemd and an SSH server, as the machines of an embedded
 * cloud.
 */
final class ContainerMachines implements CloudMachines {
  private static final String NETWORK = "embedded-cloud";
  private static final int SSH = 22;

  private final Path directory;
  private final String docker;

  /**
   * Machines of an engine, on a network of their own.
   *
   * @param directory for the output of commands
   * @param engine where the engine listens
   */
  ContainerMachines(Path directory, String engine) {
    this.directory = directory;
    this.docker = "docker -H " + engine + " ";
    shell(docker + "network create " + NETWORK, "");
  }

  private String shell(String script, String argument) {
    return Program.run(directory, "sh", "-c", script, "sh", argument).succeeds().out().strip();
  }

  @Override
  public Started start(Order order) {
    String name = order.name();
    shell(
        docker
            + "run -d --name \"$1\" --hostname \"$1\" --network "
            + NETWORK
            + " --privileged --cgroupns private --security-opt seccomp=unconfined"
            + " --tmpfs /run:exec,mode=755 --tmpfs /tmp:exec -v /var/lib/docker"
            + " -v /var/lib/containerd -v /var/lib/kubelet -v /var/lib/sealer "
            + OperatorLab.MACHINE_IMAGE,
        name);
    shell(
        docker
            + "exec "
            + name
            + " sh -c 'install -d -m 700 /root/.ssh && printf \"%s\\n\" \"$0\""
            + " > /root/.ssh/authorized_keys' \"$1\"",
        order.publicKey());
    String address =
        shell(
            docker + "inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' \"$1\"",
            name);
    return new Started() {
      @Override
      public String address() {
        return address;
      }

      @Override
      public int sshPort() {
        return SSH;
      }

      @Override
      public void close() {
        shell(docker + "rm -f -v \"$1\"", name);
      }
    };
  }

  /** Removes the network, when the machines are gone. */
  void removeNetwork() {
    shell(docker + "network rm " + NETWORK, "");
  }
}
