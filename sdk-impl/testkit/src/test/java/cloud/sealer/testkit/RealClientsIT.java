package cloud.sealer.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Platform;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs of others work with the embedded registry and with the images. */
@Tag("real")
class RealClientsIT {
  private static final String PLAIN = "--src-tls-verify=false";

  @TempDir Path directory;
  private final EmbeddedRegistry registry = EmbeddedRegistry.start();

  @AfterEach
  void stop() {
    registry.close();
  }

  private static ContainerImages.Builder image() {
    return ContainerImages.of("team/app", "v1")
        .file("bin/tool", "#!/bin/sh\n".getBytes(), 0755)
        .randomLayer(3_000_000, 7);
  }

  private static String at(EmbeddedRegistry registry, String name) {
    return "docker://" + registry.address() + "/" + name;
  }

  @ParameterizedTest(name = "docker media types: {0}")
  @ValueSource(booleans = {false, true})
  void skopeoCopiesInAndOut(boolean docker) throws Exception {
    Tool.require("skopeo");
    ContainerImages.Builder builder =
        image()
            .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64, Platform.parse("linux/arm/v7"));
    ImageFixture image = docker ? builder.docker().build() : builder.build();
    image.putInto(registry);
    Tool.run(directory, "skopeo", "copy", "--all", PLAIN, at(registry, "team/app:v1"), "dir:copy");
    Tool.run(
        directory,
        "skopeo",
        "copy",
        "--all",
        "--dest-tls-verify=false",
        "dir:copy",
        at(registry, "other/x:v2"));
    assertThat(registry.tags("other/x")).containsExactly("v2");
    assertThat(registry.has("other/x", image.digest())).isTrue();
    String list =
        Tool.run(directory, "skopeo", "list-tags", "--tls-verify=false", at(registry, "other/x"));
    assertThat(list).contains("\"v2\"");
  }

  @Test
  void skopeoCopiesWithBearerToken() throws Exception {
    Tool.require("skopeo");
    Credentials user = Credentials.basic("anna", "pass");
    try (EmbeddedRegistry guarded =
        EmbeddedRegistry.builder().bearerAuth(user, Duration.ofMinutes(5)).start()) {
      ImageFixture image = image().build();
      image.putInto(registry);
      Tool.run(
          directory,
          "skopeo",
          "copy",
          PLAIN,
          "--dest-tls-verify=false",
          "--dest-creds",
          "anna:pass",
          at(registry, "team/app:v1"),
          at(guarded, "team/app:v1"));
      assertThat(guarded.has("team/app", image.digest())).isTrue();
    }
  }

  @Test
  void umociUnpacksAnImage() throws Exception {
    Tool.require("skopeo", "umoci");
    image().build().putInto(registry);
    Tool.run(directory, "skopeo", "copy", PLAIN, at(registry, "team/app:v1"), "oci:layout:v1");
    Tool.run(directory, "umoci", "unpack", "--rootless", "--image", "layout:v1", "bundle");
    assertThat(directory.resolve("bundle/rootfs/bin/tool"))
        .hasContent("#!/bin/sh\n")
        .isExecutable();
    assertThat(Files.size(directory.resolve("bundle/rootfs/data/7"))).isEqualTo(3_000_000);
  }

  @Test
  void dockerPullsAndPushes(@TempDir Path engineDirectory) throws Exception {
    ImageFixture image = image().docker().build();
    image.putInto(registry);
    String other = registry.address() + "/other/deep/name:v2";
    try (DockerEngine docker = DockerEngine.start(engineDirectory)) {
      String pulled = docker.docker("pull", image.pinned(registry.address()).toString());
      assertThat(pulled).contains("Digest: " + image.digest());
      docker.docker("tag", image.pinned(registry.address()).toString(), other);
      docker.docker("push", other);
      docker.docker("rmi", "--force", other, image.pinned(registry.address()).toString());
      docker.docker("pull", other);
    }
    assertThat(registry.tags("other/deep/name")).containsExactly("v2");
  }

  @Test
  void buildahPullsAndPushes() throws Exception {
    Tool.require("buildah");
    ImageFixture image = image().build();
    image.putInto(registry);
    String name = image.pinned(registry.address()).toString();
    buildah("pull", "--tls-verify=false", name);
    buildah("push", "--tls-verify=false", name, at(registry, "other/x:v3"));
    assertThat(registry.tags("other/x")).containsExactly("v3");
  }

  private void buildah(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("buildah", "--root", "storage", "--runroot", "run", "--storage-driver", "vfs"));
    command.addAll(List.of(arguments));
    Tool.run(directory, command.toArray(String[]::new));
  }

  @Test
  void imagesGoToAStockRegistry() throws Exception {
    Tool.require("skopeo", "docker-registry");
    Path config = directory.resolve("registry.yml");
    int port = freePort();
    Files.writeString(
        config,
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
            + directory.resolve("storage")
            + "\nhttp:\n  addr: 127.0.0.1:"
            + port
            + "\n");
    Process debian =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    try {
      awaitPort(port);
      ImageFixture image = image().platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64).build();
      image.pushTo("127.0.0.1:" + port);
      Tool.run(
          directory,
          "skopeo",
          "copy",
          "--all",
          PLAIN,
          "--dest-tls-verify=false",
          "docker://" + image.reference("127.0.0.1:" + port),
          at(registry, "team/app:v1"));
      assertThat(registry.has("team/app", image.digest())).isTrue();
    } finally {
      debian.destroyForcibly().waitFor();
    }
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void awaitPort(int port) throws Exception {
    for (int i = 0; i < 200; i++) {
      try (var socket = new Socket("127.0.0.1", port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    throw new AssertionError("nothing listens at port " + port);
  }
}
