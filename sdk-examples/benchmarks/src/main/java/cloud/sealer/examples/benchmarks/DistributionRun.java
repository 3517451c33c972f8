package cloud.sealer.examples.benchmarks;

import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.distribution.Distribute;
import cloud.sealer.kubernetes.distribution.Distributors;
import cloud.sealer.kubernetes.flow.DefaultRunner;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.SshOptions;
import cloud.sealer.sdk.spi.RunnerProvider;
import cloud.sealer.ssh.HostKeyPolicy;
import cloud.sealer.ssh.SshHostConnector;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A run that ends where the rootfs is on its hosts, as a program of its own: with the real engine,
 * its preflight, its leases and its records, and no step but the distribution.
 */
final class DistributionRun {
  private static final Set<String> ONE_MACHINE =
      Set.of("same-machine", "hostname", "machine-id", "disk", "ports");

  private DistributionRun() {}

  /**
   * Distributes an image.
   *
   * @param args the store, the directory of records, the key, the file of known hosts, the image,
   *     and the hosts
   */
  public static void main(String[] args) {
    Path store = Path.of(args[0]);
    RegistryOptions registries = RegistryOptions.DEFAULT;
    Clock clock = Clock.systemUTC();
    try (SshHostConnector ssh =
            SshHostConnector.builder(HostKeyPolicy.knownHosts(Path.of(args[3]))).build();
        HttpRegistryClient client = new HttpRegistryClient(registries, 1, clock, Sleeper.THREAD);
        Sealer sealer = Sealer.builder().store(store).build();
        OciLayerStore layers = new OciLayerStore(store)) {
      Distributors distributors = new Distributors(List.of(), client, registries);
      DefaultRunner runner =
          new DefaultRunner(
              new RunnerProvider.Settings(
                  sealer.images(),
                  layers,
                  Path.of(args[1]),
                  List.of(ssh),
                  List.of(),
                  List.of(),
                  List.of(),
                  registries,
                  client,
                  clock),
              situation ->
                  List.of(
                      new Stage(
                          "rootfs",
                          situation.hosts().stream()
                              .<Step>map(
                                  view ->
                                      Distribute.of(
                                          view,
                                          new Distribute.Part(situation.requireImage(), Map.of()),
                                          List.of(),
                                          Distribute.platforms(List.of(view)),
                                          new Distribute.Way(distributors, Optional.empty())))
                              .toList())));
      ClusterSpec spec =
          ClusterSpec.builder("bench")
              .image(args[4])
              .ssh(SshOptions.builder().privateKey(Path.of(args[2])).build())
              .controlPlanes(args[5])
              .build();
      runner.run(
          new ClusterChange.Apply(spec), RunOptions.builder().ignoredFindings(ONE_MACHINE).build());
    }
  }
}
