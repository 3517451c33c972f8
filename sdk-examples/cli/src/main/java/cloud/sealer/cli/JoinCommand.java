package cloud.sealer.cli;

import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.HostGroup;
import cloud.sealer.sdk.SshOptions;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sealer join}. */
@Command(name = "join", description = "Add hosts to a cluster.", sortOptions = false)
final class JoinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ClusterWork work;
  @Mixin private HostList hosts;

  @Mixin private ClusterName cluster;

  @Mixin private DryRun dryRun;

  @SuppressWarnings("NullAway.Init")
  JoinCommand() {}

  @Override
  public Integer call() {
    if (hosts.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "which hosts? Give -m, -n or both");
    }
    SshOptions ssh = work.login().options(Settings.ofProcess());
    List<HostGroup> groups =
        hosts.groups().stream()
            .map(group -> new HostGroup(group.addresses(), group.roles(), ssh, group.env()))
            .toList();
    return work.change(
        (runner, options) -> new ClusterChange.Join(cluster.of(runner), groups), dryRun.wanted());
  }
}
