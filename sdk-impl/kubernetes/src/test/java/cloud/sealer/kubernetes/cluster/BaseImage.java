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
  static final String VERSION = "v1.20.2";
  static final String NAME = "kubernetes:" + VERSION;

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
    machines.script("make-machine", directory.resolve("machine-images").toString());
    return build(machines, directory, VERSION);
  }

  /** Builds a release of it, from the same sources. */
  static Path build(Machines machines, Path directory, String version)
      throws IOException, InterruptedException {
    Path base = directory.resolve("base");
    machines.execute(
        List.of(
            "env", "KUBERNETES_VERSION=" + version, machines.path("make-rootfs"), base.toString()),
        1800);
    Path context = base.resolve("context");
    return build(
        machines,
        directory,
        "kubernetes:" + version,
        Kubefile.parse(context.resolve("Kubefile")),
        BuildContext.directory(context));
  }

  /** Builds an image whose container images are those of the base, whatever their registry. */
  static Path build(
      Machines machines, Path directory, String name, Kubefile kubefile, BuildContext context)
      throws IOException, InterruptedException {
    String address = "127.0.0.1:" + freePort();
    Process registry =
        new ProcessBuilder(
                machines.path("serve-images"),
                directory.resolve("base/registry").toString(),
                address.substring(address.indexOf(':') + 1))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    try {
      await(address);
      Path store = directory.resolve("store");
      RegistryOptions.Builder registries = RegistryOptions.builder().plainHttp(address);
      for (String host : List.of("k8s.gcr.io", "docker.io", "quay.io")) {
        registries.host(RegistryHost.builder(host).mirror(address).build());
      }
      try (Sealer sealer = Sealer.builder().store(store).registries(registries.build()).build()) {
        sealer
            .builder(BuildMode.LITE)
            .build(BuildRequest.builder().kubefile(kubefile).context(context).name(name).build());
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
