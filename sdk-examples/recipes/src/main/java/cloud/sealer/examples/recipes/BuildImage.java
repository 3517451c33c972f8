package cloud.sealer.examples.recipes;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Path;

/**
 * Builds a cluster image that carries the container image its manifest names, and pushes it. With a
 * real registry, only {@code plainHttp} and the embedded registry go away.
 */
public final class BuildImage {
  private BuildImage() {}

  /** Runs with the directory of a store. */
  public static void main(String[] args) {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start();
        Sealer sealer =
            Sealer.builder()
                .store(Path.of(args[0]))
                .registries(RegistryOptions.builder().plainHttp(registry.address()).build())
                .build()) {
      ContainerImages.of("library/nginx", "1.21").build().putInto(registry);
      Kubefile kubefile =
          Kubefile.parse(
              """
              FROM scratch
              COPY nginx.yaml manifests
              CMD kubectl apply -f manifests/nginx.yaml
              """);
      String manifest =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: nginx}
          spec:
            containers: [{name: nginx, image: "%s/library/nginx:1.21"}]
          """;
      BuildRequest request =
          BuildRequest.builder()
              .kubefile(kubefile)
              .context(
                  BuildContext.inMemory()
                      .file("nginx.yaml", manifest.formatted(registry.address()))
                      .build())
              .name(registry.address() + "/team/my-nginx:v1")
              .build();
      BuildResult result = sealer.builder(BuildMode.LITE).build(request);
      result.discovery().found().forEach(found -> System.out.println("carries " + found.image()));
      System.out.println("pushed " + sealer.images().push(request.name(), EventListener.NONE));
    }
  }
}
