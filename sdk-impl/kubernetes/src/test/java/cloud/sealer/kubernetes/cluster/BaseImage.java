package cloud.sealer.kubernetes.cluster;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import cloud.sealer.sdk.BuildContext;
import cloud.sealer.sdk.BuildMode;
import cloud.sealer.sdk.BuildRequest;
import cloud.sealer.sdk.Kubefile;
import cloud.sealer.sdk.RegistryHost;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Sealer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The base image of {@code sdk-examples}, made by its scripts and built by the library. */
final class BaseImage {
  static final String NAME = "kubernetes:v1.20.2";

  private static final List<String> PROGRAMS =
      List.of("docker", "dockerd", "docker-registry", "skopeo", "debootstrap", "go", "patchelf");

  private BaseImage() {}

  /** Skips the test, or fails it where the programs are promised, if one is missing. */
  static void require() {
    List<String> missing =
        PROGRAMS.stream()
            .filter(
                program ->
                    Stream.of(System.getenv("PATH").split(":"))
                        .noneMatch(each -> Files.isExecutable(Path.of(each, program))))
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    String reason = "not installed: " + String.join(", ", missing);
    if (Boolean.getBoolean("sealer.real")) {
      fail(reason);
    }
    abort(reason);
  }

  /** Builds it into a store in the directory, and leaves images of machines there. */
  static Path build(Machines machines, Path directory) throws IOException, InterruptedException {
    Path base = directory.resolve("base");
    machines.script("make-rootfs", base.toString());
    machines.script("make-machine", directory.resolve("machine-images").toString());
    String address = "127.0.0.1:" + freePort();
    Process registry =
        new ProcessBuilder(
                machines.path("serve-images"),
                base.resolve("registry").toString(),
                address.substring(address.indexOf(':') + 1))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    try {
      await(address);
      Path store = directory.resolve("store");
      RegistryOptions registries =
          RegistryOptions.builder()
              .plainHttp(address)
              .host(RegistryHost.builder("k8s.gcr.io").mirror(address).build())
              .host(RegistryHost.builder("docker.io").mirror(address).build())
              .build();
      try (Sealer sealer = Sealer.builder().store(store).registries(registries).build()) {
        sealer
            .builder(BuildMode.LITE)
            .build(
                BuildRequest.builder()
                    .kubefile(Kubefile.parse(base.resolve("context/Kubefile")))
                    .context(BuildContext.directory(base.resolve("context")))
                    .name(NAME)
                    .build());
      }
      return store;
    } finally {
      registry.destroy();
      registry.waitFor();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void await(String address) throws IOException, InterruptedException {
    int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
    for (int i = 0; i < 200; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        Thread.sleep(100);
      }
    }
    throw new IOException("the registry of the base image does not listen on " + address);
  }
}
