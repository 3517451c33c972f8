package cloud.sealer.examples.recipes;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import java.nio.file.Path;
import java.util.List;

/**
 * Lists the container images that manifests name, with every place that names them, without a
 * registry and without making an image. A policy leaves some out and adds others.
 */
public final class DiscoverOnly {
  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
      spec:
        initContainers:
          - name: wait
            image: busybox:1.34
        containers:
          - name: web
            image: nginx:1.21
      """;

  private DiscoverOnly() {}

  /** Runs with the directory of a store. */
  public static void main(String[] args) {
    BuildRequest request =
        BuildRequest.builder()
            .kubefile(Kubefile.builder().from("scratch").copy("web.yaml", "manifests").build())
            .context(BuildContext.inMemory().file("web.yaml", POD).build())
            .discovery(
                new DiscoveryPolicy(
                    DiscoveryPolicy.Action.WARN,
                    DiscoveryPolicy.Action.FAIL,
                    List.of(),
                    List.of("busybox:*")))
            .build();
    try (Sealer sealer = Sealer.builder().store(Path.of(args[0])).build()) {
      DiscoveryReport report = sealer.builder(BuildMode.LITE).discover(request);
      report.found().forEach(each -> System.out.println(each.image() + " " + each.origins()));
      report.excluded().forEach(each -> System.out.println("left out: " + each.text()));
    }
  }
}
