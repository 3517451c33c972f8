package cloud.sealer.cli;

import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.EmbeddedRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two programs that build into one store at the same time. */
@Timeout(180)
class TwoBuildsIT {
  @TempDir Path work;

  @Test
  void bothImagesAreWhole() throws Exception {
    try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
      ContainerImages.of("team/web", "1")
          .randomLayer(4 << 20, /* seed= */ 7)
          .build()
          .putInto(registry);
      List<Program> programs = new ArrayList<>();
      for (String name : List.of("one", "two")) {
        Path context = Files.createDirectories(work.resolve(name));
        Files.writeString(context.resolve("imageList"), registry.address() + "/team/web:1\n");
        Files.writeString(context.resolve("own"), name);
        Files.writeString(
            context.resolve("Kubefile"), "FROM scratch\nCOPY imageList manifests\nCOPY own etc\n");
        programs.add(
            Program.start(
                work,
                Program.sealer(),
                "build",
                "-t",
                "app:" + name,
                "--store",
                work.resolve("store"),
                "--plain-http",
                registry.address(),
                context));
      }
      for (Program program : programs) {
        program.end().succeeds();
      }
    }
    for (String name : List.of("one", "two")) {
      Program.run(work, Program.sealer(), "verify", "app:" + name, "--store", work.resolve("store"))
          .succeeds();
    }
  }
}
