package cloud.sealer.cli;

import cloud.sealer.sdk.Host;
import cloud.sealer.sdk.InfrastructureSpec;
import cloud.sealer.sdk.MachineGroup;
import cloud.sealer.sdk.RemoteOptions;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options of builds on machines made for them. */
final class MachineFlags {
  @Option(
      names = "--masters",
      paramLabel = "COUNT",
      defaultValue = "1",
      description = "How many machines run the control plane.")
  private int controlPlanes;

  @Option(
      names = "--nodes",
      paramLabel = "COUNT",
      defaultValue = "0",
      description = "How many machines are workers.")
  private int workers;

  @Option(
      names = "--cpus",
      paramLabel = "COUNT",
      defaultValue = "0",
      description = "The processors of each machine; by default what the provider takes.")
  private int cpus;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      defaultValue = "0",
      description = "The memory of each machine; by default what the provider takes.")
  private long memory;

  @Option(names = "--provider", paramLabel = "NAME", description = "Who makes the machines.")
  private @Nullable String provider;

  @Option(
      names = "--machine-image",
      paramLabel = "NAME",
      description = "The image that machines start from.")
  private @Nullable String image;

  @Option(
      names = "--machine-option",
      paramLabel = "NAME=VALUE",
      description = "What only the provider understands; may be repeated.")
  private Map<String, String> options = new LinkedHashMap<>();

  @Option(
      names = "--worker",
      paramLabel = "DIR",
      description = "The packed program that builds on the machine; by default this one.")
  private @Nullable Path worker;

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "CHECK",
      description = "Go on although this check of machines finds something; may be repeated.")
  private Set<String> ignored = Set.of();

  @Option(
      names = "--build-timeout",
      paramLabel = "SECONDS",
      defaultValue = "7200",
      description = "How long the build on the machine may take.")
  private long timeout;

  @Option(
      names = "--push",
      description =
          "Push the image too; one that is built on a machine is pushed from there and does not"
              + " come back.")
  private boolean push;

  @SuppressWarnings("NullAway.Init")
  MachineFlags() {}

  /** Whether to push what was built. */
  boolean isPushed() {
    return push;
  }

  RemoteOptions remote(CommandLine command) {
    try {
      List<MachineGroup> groups = new ArrayList<>();
      groups.add(group(Host.CONTROL_PLANE, controlPlanes));
      if (workers != 0) {
        groups.add(group(Host.WORKER, workers));
      }
      RemoteOptions.Builder remote =
          RemoteOptions.builder()
              .infrastructure(
                  new InfrastructureSpec(
                      provider == null ? "" : provider,
                      groups,
                      image == null ? "" : image,
                      options))
              .ignoredFindings(ignored)
              .timeout(Duration.ofSeconds(timeout))
              .push(push);
      Optional.ofNullable(worker).or(MachineFlags::self).ifPresent(remote::worker);
      return remote.build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command, String.valueOf(e.getMessage()), e);
    }
  }

  private MachineGroup group(String role, int count) {
    return MachineGroup.of(role, count).sized(cpus, memory << 20);
  }

  /** The directory of this program, if it is packed: {@code lib/sealer-cli.jar} lies in it. */
  private static Optional<Path> self() {
    try {
      Path jar = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Optional.ofNullable(jar.getParent())
          .map(Path::getParent)
          .filter(home -> Files.isRegularFile(home.resolve("bin/sealer")));
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
