package cloud.sealer.aliyun;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import cloud.sealer.testkit.EmbeddedCloud;
import cloud.sealer.testkit.EmbeddedMachines;
import cloud.sealer.testkit.tck.InfrastructureProviderTck;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AliyunInfrastructureTckIT extends InfrastructureProviderTck {
  private static EmbeddedMachines machines;
  private static EmbeddedCloud cloud;

  @BeforeAll
  static void start() {
    machines = EmbeddedMachines.create();
    cloud = EmbeddedCloud.start(machines);
  }

  @AfterAll
  static void stop() {
    cloud.close();
  }

  @Override
  protected InfrastructureProvider provider() {
    return Clouds.provider(cloud).build();
  }

  @Override
  protected InfrastructureSpec spec(int controlPlanes, int workers) {
    List<MachineGroup> groups = new ArrayList<>();
    groups.add(MachineGroup.of(Host.CONTROL_PLANE, controlPlanes));
    if (workers > 0) {
      groups.add(MachineGroup.of(Host.WORKER, workers).sized(4, 16L << 30));
    }
    return new InfrastructureSpec(
        "aliyun", groups, "", Map.of("ssh-port", Integer.toString(machines.sshPort())));
  }

  @Override
  protected Collection<String> everything() {
    return cloud.everything();
  }
}
