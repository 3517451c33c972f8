package cloud.sealer.examples.benchmarks;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Reference;
import cloud.sealer.testkit.ContainerImages;
import cloud.sealer.testkit.ImageFixture;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Debian's docker-registry on the loopback interface, with images of bytes that do not compress.
 */
final class Registry implements AutoCloseable {
  private static final int ATTEMPTS = 200;

  private final Process server;
  private final String address;
  private final Set<String> known = new HashSet<>();

  private Registry(Process server, String address) {
    this.server = server;
    this.address = address;
  }

  static Registry start(Path directory) throws IOException {
    String address = "127.0.0.1:" + freePort();
    Path config = directory.resolve("registry.yml");
    Files.writeString(
        config,
        "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: "
            + "{rootdirectory: \""
            + directory.resolve("registry")
            + "\"}}\nhttp: {addr: \""
            + address
            + "\"}\n");
    Process server =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("registry.log").toFile())
            .start();
    Registry registry = new Registry(server, address);
    registry.await();
    return registry;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void await() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        HttpURLConnection probe =
            (HttpURLConnection) URI.create("http://" + address + "/v2/").toURL().openConnection();
        if (probe.getResponseCode() == HttpURLConnection.HTTP_OK) {
          return;
        }
      } catch (IOException e) {
        if (attempt == ATTEMPTS) {
          close();
          throw e;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  String address() {
    return address;
  }

  /**
   * Images in the registry.
   *
   * @param references their names
   * @param blobs the address of each blob, by its digest
   * @param bytes the sizes of all blobs that the registry did not have before
   */
  record Images(List<Reference> references, Map<String, String> blobs, long bytes) {}

  /** Six images of twelve large layers and a small one that all have. */
  Images six(long blob) {
    List<ImageFixture> images = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      images.add(
          ContainerImages.of("six/image-" + i, "v1")
              .randomLayer(1 + blob / 100, 0)
              .randomLayer(blob, 2 * i + 1)
              .randomLayer(blob, 2 * i + 2)
              .build());
    }
    return push(images);
  }

  /** Images that share a base and have a layer of their own. */
  Images shared(int count, long base, long own) {
    List<ImageFixture> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(shared("shared/image-" + i, "v1", base, own, i));
    }
    return push(images);
  }

  /** The second version of the first of them, with another layer of its own. */
  Images changed(long base, long own) {
    return push(List.of(shared("shared/image-0", "v2", base, own, 1000)));
  }

  private static ImageFixture shared(
      String repository, String tag, long base, long own, int number) {
    return ContainerImages.of(repository, tag)
        .randomLayer(base, 1000)
        .randomLayer(own, 2000 + number)
        .build();
  }

  private Images push(List<ImageFixture> images) {
    List<Reference> references = new ArrayList<>();
    Map<String, String> blobs = new TreeMap<>();
    long bytes = 0;
    for (ImageFixture image : images) {
      references.add(image.pushTo(address));
      for (Descriptor blob : image.blobs()) {
        String digest = blob.digest().toString();
        String url = "http://" + address + "/v2/" + image.repository() + "/blobs/" + digest;
        blobs.put(digest, url);
        if (known.add(digest)) {
          bytes += blob.size();
        }
      }
    }
    return new Images(references, blobs, bytes);
  }

  @Override
  public void close() {
    server.destroy();
    try {
      server.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.destroyForcibly();
  }
}
