package cloud.sealer.core.image;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A registry with container images, and stores with cluster images made of them. */
final class Shipyard implements AutoCloseable {
  static final int LAYER = 100_000;

  final EmbeddedRegistry registry = EmbeddedRegistry.start();
  final Path work;
  private final List<Sealer> sealers = new ArrayList<>();

  Shipyard(Path work) {
    this.work = work;
  }

  /** A store of that name; opened once more each time. */
  Sealer sealer(String store, Path... archives) {
    Sealer.Builder builder =
        Sealer.builder()
            .store(work.resolve(store))
            .registries(RegistryOptions.builder().plainHttp(registry.address()).build());
    for (Path archive : archives) {
      builder.archive(archive);
    }
    Sealer sealer = builder.build();
    sealers.add(sealer);
    return sealer;
  }

  /** Puts a container image into the registry; {@code seed} decides its bytes. */
  void container(String repository, String tag, long seed) {
    ContainerImages.of(repository, tag)
        .file("etc/name", repository)
        .randomLayer(LAYER, seed)
        .build()
        .putInto(registry);
  }

  /** A name at the registry. */
  String name(String path) {
    return registry.address() + "/" + path;
  }

  /** A build that is being described. */
  Build build(String name) {
    return new Build(name);
  }

  final class Build {
    private final String name;
    private final Map<String, String> files = new LinkedHashMap<>();
    private String kubefile = "FROM scratch\nCOPY . .\n";
    private DiscoveryPolicy policy = DiscoveryPolicy.DEFAULT;
    private @Nullable ImageLock lock;

    private Build(String name) {
      this.name = name;
    }

    Build kubefile(String text) {
      kubefile = text;
      return this;
    }

    Build file(String path, String text) {
      files.put(path, text);
      return this;
    }

    /** A pod that runs these images of the registry. */
    Build pod(String... images) {
      StringBuilder yaml =
          new StringBuilder("kind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n");
      for (String image : images) {
        yaml.append("  - image: ").append(Shipyard.this.name(image)).append('\n');
      }
      return file("manifests/pod.yaml", yaml.toString());
    }

    Build policy(DiscoveryPolicy policy) {
      this.policy = policy;
      return this;
    }

    Build lock(ImageLock lock) {
      this.lock = lock;
      return this;
    }

    BuildResult in(Sealer sealer) {
      var context = BuildContext.inMemory();
      files.forEach(context::file);
      return sealer
          .builder(BuildMode.LITE)
          .build(
              BuildRequest.builder()
                  .kubefile(Kubefile.parse(kubefile))
                  .context(context.build())
                  .name(name)
                  .discovery(policy)
                  .lock(lock)
                  .build());
    }
  }

  @Override
  public void close() {
    sealers.forEach(Sealer::close);
    registry.close();
  }
}
