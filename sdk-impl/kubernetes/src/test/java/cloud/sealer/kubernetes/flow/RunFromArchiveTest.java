package cloud.sealer.kubernetes.flow;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.image.ArchiveStore;
import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.host.DirectoryHosts;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.kubernetes.step.Stage;
import cloud.sealer.kubernetes.step.Step;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RunOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose image is in an archive only. */
class RunFromArchiveTest {
  @TempDir private Path directory;
  private Path archive;

  @BeforeEach
  void save() {
    archive = directory.resolve("test.tar");
    try (Sealer builder = Sealer.builder().store(directory.resolve("elsewhere")).build()) {
      builder
          .builder(BuildMode.LITE)
          .build(
              BuildRequest.builder()
                  .name("test:v1")
                  .kubefile(Kubefile.parse("FROM scratch\nCOPY . .\n"))
                  .context(
                      BuildContext.inMemory().file("etc/Clusterfile", "kind: Cluster\n").build())
                  .build());
      builder.images().save("test:v1", archive, EventListener.NONE);
    }
  }

  /** What the image has for a host, brought to it. */
  private static List<Stage> stages(Situation situation, DirectoryHosts hosts) {
    RootfsImage image = situation.image().orElseThrow();
    String text = image.platform(Platform.LINUX_AMD64).metadata().clusterfile().orElse("none");
    Step step = step(situation.hosts().get(0), hosts, text + image.diffIds(Platform.LINUX_AMD64));
    return List.of(new Stage("files", List.of(step)));
  }

  private static Step step(HostView view, DirectoryHosts hosts, String text) {
    String file = hosts.directory(view.address()) + "/etc/settings";
    return new FileStep("settings", view.host(), file, text, context -> {});
  }

  @Test
  void theHostsGetWhatIsInTheArchiveAndTheStoreGetsNothing() throws Exception {
    Path images = directory.resolve("store");
    DirectoryHosts hosts = new DirectoryHosts(directory.resolve("hosts"));
    try (Sealer sealer = Sealer.builder().store(images).archive(archive).build();
        LayerStore plain = new OciLayerStore(images);
        LayerStore store = ArchiveStore.over(plain, List.of(archive))) {
      RunnerProvider.Settings settings =
          new RunnerProvider.Settings(
              sealer.images(),
              store,
              directory.resolve("clusters"),
              List.of(hosts),
              List.of(),
              List.of(),
              List.of(),
              RegistryOptions.DEFAULT,
              new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
              Clock.systemUTC());
      DefaultRunner runner =
          new DefaultRunner(settings, situation -> stages(situation, hosts), hosts::data);
      ClusterChange apply = new ClusterChange.Apply(TestCluster.spec(2));

      runner.run(apply, RunOptions.DEFAULT);

      assertThat(hosts.directory(TestCluster.host(1)).resolve("etc/settings"))
          .content()
          .startsWith("kind: Cluster\n[sha256:");
      assertThat(runner.plan(apply, RunOptions.DEFAULT).steps()).isEmpty();
      try (Stream<Path> blobs = Files.list(images.resolve("blobs/sha256"))) {
        assertThat(blobs).isEmpty();
      }
    }
  }
}
