package cloud.sealer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of the README's section on trust, as they stand there, with the packed program. */
@Tag("real")
class TrustRealIT {
  private static final Path README = Path.of("../../README.md");

  @TempDir private Path work;

  private static String commands() throws IOException {
    Matcher block =
        Pattern.compile("## Trust\n.*?```sh\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(README));
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  @Test
  void theReadmeSaysWhatWorks() throws IOException {
    RealTools.require("docker-registry", "openssl", "jq");
    try (StockRegistry registry =
        StockRegistry.start(Files.createDirectories(work.resolve("registry")))) {
      Path context = Files.createDirectories(work.resolve("v1"));
      Files.writeString(context.resolve("hello"), "hello\n");
      Files.writeString(context.resolve("Kubefile"), "FROM scratch\nCOPY hello bin\n");
      Path bin = Files.createDirectories(work.resolve("bin"));
      Path sealer =
          Files.writeString(
              bin.resolve("sealer"),
              "#!/bin/sh\nexec "
                  + Program.sealer()
                  + " \"$@\" --plain-http "
                  + registry.address()
                  + "\n");
      Files.setPosixFilePermissions(sealer, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path script = Files.writeString(work.resolve("readme.sh"), commands());
      Program.Result done =
          Program.run(
              work,
              "env",
              "PATH=" + bin + ":" + System.getenv("PATH"),
              "SEALER_STORE=" + work.resolve("store"),
              "REGISTRY=" + registry.address(),
              "bash",
              "-euxo",
              "pipefail",
              script);
      done.succeeds();
      assertThat(done.out()).contains("{build=42}", "blobs hold", "application/vnd.cyclonedx+json");
    }
  }
}
