package cloud.sealer.core.remote;

import cloud.sealer.core.event.EventRelay;
import cloud.sealer.core.image.Names;
import cloud.sealer.core.machines.MachineRecord;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.Machine;
import cloud.sealer.sdk.spi.Task;
import java.util.List;

/** The cluster of one build: the base image on the machines of the build. */
final class BuildCluster {
  private final RemoteTools tools;
  private final MachineRecord record;

  BuildCluster(RemoteTools tools, MachineRecord record) {
    this.tools = tools;
    this.record = record;
  }

  /** Starts it, and waits until its nodes are ready. */
  void start(RemoteBuilder.Job job, List<Machine> machines, HostConnector connector) {
    Names.Found base = job.base().orElseThrow();
    String name = tools.build().names().stored(base.reference());
    try (Task task = job.task().start(Event.TaskKind.CLUSTER, "cluster of " + name, -1);
        EventRelay relay = new EventRelay(task)) {
      tools
          .runners()
          .apply(record.directory().resolve("clusters"), connector)
          .run(
              new ClusterChange.Apply(spec(job, base, name, machines)),
              RunOptions.builder()
                  .ignoredFindings(job.request().remote().ignoredFindings())
                  .listener(relay)
                  .build());
      task.done(machines.size() + " nodes");
    }
  }

  private ClusterSpec spec(
      RemoteBuilder.Job job, Names.Found base, String name, List<Machine> machines) {
    ClusterSpec template = job.request().remote().cluster().orElseGet(() -> ofImage(base, name));
    return template.toBuilder()
        .name(record.owner().name())
        .image(name)
        .infrastructure(null)
        .groups(
            machines.stream()
                .map(Machine::host)
                .map(
                    host ->
                        new HostGroup(
                            List.of(host.address()), host.roles(), host.ssh(), host.env()))
                .toList())
        .build();
  }

  /** What the base image says of its cluster. */
  private ClusterSpec ofImage(Names.Found base, String name) {
    return tools.build().names().read(base).platforms().stream()
        .flatMap(platform -> platform.metadata().clusterfile().stream())
        .findFirst()
        .map(text -> ClusterSpec.parse(text, name + ":etc/Clusterfile"))
        .orElseGet(() -> ClusterSpec.builder(ClusterSpec.DEFAULT_NAME).build());
  }
}
