package cloud.sealer.examples.quickstart;

import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.util.List;

/** The container images that the example names: real ones that any client can pull, only small. */
final class ExampleImages {
  private static final int SIZE = 200_000;

  private record Name(String repository, String tag) {}

  private static final List<Name> NAMES =
      List.of(
          new Name("pause", "3.2"),
          new Name("library/mysql", "8.0.26"),
          new Name("library/traefik", "v2.5.3"),
          new Name("kubernetesui/dashboard", "v2.2.0"),
          new Name("kubernetesui/metrics-scraper", "v1.0.6"));

  private ExampleImages() {}

  static void pushTo(EmbeddedRegistry registry) {
    for (Name name : NAMES) {
      ContainerImages.of(name.repository(), name.tag())
          .randomLayer(SIZE, name.repository().hashCode())
          .build()
          .putInto(registry);
    }
  }

  /** The full name of the image that the application also carries as an archive. */
  static String mysql(String registry) {
    return registry + "/library/mysql:8.0.26";
  }
}
