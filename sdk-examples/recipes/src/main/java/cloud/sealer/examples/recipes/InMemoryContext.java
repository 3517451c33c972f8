package cloud.sealer.examples.recipes;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.Sealer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Builds from files that exist only in memory: a program needs no directory to generate a context
 * into. The same files give the same digest, wherever and whenever they are built.
 */
public final class InMemoryContext {
  private InMemoryContext() {}

  /** Runs with the directory of a store. */
  public static void main(String[] args) {
    byte[] script = "#!/bin/sh\nexec kubectl get nodes\n".getBytes(StandardCharsets.UTF_8);
    BuildContext context =
        BuildContext.inMemory()
            .file("etc/settings.yaml", "replicas: 3\n")
            .file("bin/nodes", script, 0755)
            .symlink("bin/n", "nodes")
            .directory("plugins")
            .build();
    BuildRequest request =
        BuildRequest.builder()
            .kubefile(Kubefile.builder().from("scratch").copy(".", ".").cmd("nodes").build())
            .context(context)
            .name("in-memory:v1")
            .build();
    try (Sealer sealer = Sealer.builder().store(Path.of(args[0])).build()) {
      BuildResult result = sealer.builder(BuildMode.LITE).build(request);
      System.out.println(result.image().digest());
    }
  }
}
