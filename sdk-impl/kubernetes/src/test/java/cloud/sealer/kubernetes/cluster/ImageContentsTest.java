package cloud.sealer.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.core.registry.HttpRegistryClient;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.core.store.OciLayerStore;
import cloud.sealer.kubernetes.clusterfile.LiteralBraces;
import cloud.sealer.kubernetes.distribution.Distribute;
import cloud.sealer.kubernetes.image.RootfsImage;
import cloud.sealer.kubernetes.step.HostView;
import cloud.sealer.kubernetes.step.ScriptedHost;
import cloud.sealer.kubernetes.step.Situation;
import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.ClusterChange;
import cloud.sealer.sdk.ClusterSpec;
import cloud.sealer.sdk.ConfigSpec;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.sdk.spi.RunnerProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageContentsTest {
  private static final ClusterSpec SPEC =
      ClusterSpec.builder("test")
          .image("mixed:v1")
          .controlPlanes("10.0.0.1")
          .workers("10.0.0.9")
          .config(
              new ConfigSpec(
                  "extra",
                  RootfsPath.of("etc/settings.yml"),
                  ConfigSpec.Strategy.MERGE,
                  List.of(),
                  "mine: true\n"))
          .build();

  private static final Map<String, List<String>> GREETING = Map.of("Greeting", List.of("hello"));

  @TempDir Path directory;
  private final ScriptedHost amd64 = ScriptedHost.of("10.0.0.1", "master", GREETING);
  private final ScriptedHost arm64 =
      ScriptedHost.of("10.0.0.9", "node", GREETING).platform(Platform.LINUX_ARM64);

  @Test
  void templatesAndSettingsOfAHostAreThoseOfItsPlatform() {
    OciLayerStore store = new OciLayerStore(directory.resolve("store"));
    try (Sealer sealer = Sealer.builder().store(directory.resolve("store")).build()) {
      build(sealer);
      try (RootfsImage image =
          RootfsImage.open(store, sealer.images().inspect("mixed:v1"), Set.of())) {
        List<HostView> hosts = List.of(amd64.view(), arm64.view());
        Situation situation =
            new Situation(
                new ClusterChange.Apply(SPEC),
                SPEC,
                Optional.empty(),
                Optional.of(image),
                List.of(),
                hosts,
                List.of(),
                List.of());

        Map<HostView, Distribute.Part> parts =
            ImageContents.of(situation, settings(sealer, store)).parts(hosts);

        assertThat(parts.get(hosts.get(0)).files())
            .containsEntry(RootfsPath.of("etc/tool.conf"), "hello amd64\n")
            .hasEntrySatisfying(
                RootfsPath.of("etc/settings.yml"),
                text -> assertThat(text).contains("arch: amd64", "mine: true"));
        assertThat(parts.get(hosts.get(1)).files())
            .containsEntry(RootfsPath.of("etc/tool.conf"), "hello arm64\n")
            .hasEntrySatisfying(
                RootfsPath.of("etc/settings.yml"),
                text -> assertThat(text).contains("arch: arm64", "mine: true"));
      }
    }
  }

  private static void build(Sealer sealer) {
    BuildContext.MemoryBuilder context = BuildContext.inMemory();
    for (String arch : List.of("amd64", "arm64")) {
      context =
          context
              .file(arch + "/tool.conf.tmpl", "{{ .Greeting }} " + arch + "\n")
              .file(arch + "/settings.yml", "arch: " + arch + "\nmine: false\n");
    }
    sealer
        .builder(BuildMode.LITE)
        .build(
            BuildRequest.builder()
                .name("mixed:v1")
                .platforms(List.of(Platform.LINUX_AMD64, Platform.LINUX_ARM64))
                .kubefile(
                    Kubefile.parse(
                        """
                        FROM scratch
                        ARG TARGETARCH
                        COPY ${TARGETARCH}/tool.conf.tmpl etc
                        COPY ${TARGETARCH}/settings.yml etc
                        """))
                .context(context.build())
                .build());
  }

  private RunnerProvider.Settings settings(Sealer sealer, OciLayerStore store) {
    return new RunnerProvider.Settings(
        sealer.images(),
        store,
        directory.resolve("clusters"),
        List.of(),
        List.of(new LiteralBraces()),
        List.of(),
        List.of(),
        RegistryOptions.DEFAULT,
        new HttpRegistryClient(RegistryOptions.DEFAULT, 1, Clock.systemUTC(), Sleeper.THREAD),
        Clock.systemUTC());
  }
}
