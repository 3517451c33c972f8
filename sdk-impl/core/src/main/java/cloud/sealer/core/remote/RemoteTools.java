package cloud.sealer.core.remote;

import cloud.sealer.core.build.BuildTools;
import cloud.sealer.core.machines.MachineRecords;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Runner;
import cloud.sealer.sdk.spi.HostConnector;
import cloud.sealer.sdk.spi.InfrastructureProvider;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The parts that builds on machines use.
 *
 * @param build the parts of builds
 * @param provider makes the machines
 * @param records keeps what was made
 * @param runners makes a runner for a directory of records and a way to reach hosts
 * @param registries how registries are reached, from the machines too
 */
public record RemoteTools(
    BuildTools build,
    InfrastructureProvider provider,
    MachineRecords records,
    BiFunction<Path, HostConnector, Runner> runners,
    RegistryOptions registries) {
  /** Checks the parts. */
  public RemoteTools {
    Objects.requireNonNull(build, "build");
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(records, "records");
    Objects.requireNonNull(runners, "runners");
    Objects.requireNonNull(registries, "registries");
  }
}
