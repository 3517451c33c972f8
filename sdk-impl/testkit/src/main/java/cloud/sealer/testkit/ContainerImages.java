package cloud.sealer.testkit;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Makes small real container images, with layers, configurations and manifests that docker, skopeo,
 * umoci and buildah take.
 *
 * <pre>{@code
 * ImageFixture image =
 *     ContainerImages.of("library/nginx", "1.21")
 *         .file("etc/nginx/nginx.conf", "worker_processes 1;")
 *         .randomLayer(1 << 20, 42)
 *         .platforms(Platform.LINUX_AMD64, Platform.LINUX_ARM64)
 *         .build();
 * }</pre>
 *
 * <p>Deterministic: the same calls make the same digests on every machine. Two images share each
 * layer that has the same files.
 */
public final class ContainerImages {
  private ContainerImages() {}

  /**
   * Starts an image.
   *
   * @param repository its repository, such as {@code library/nginx}
   * @param tag its tag
   * @return a builder
   */
  public static Builder of(String repository, String tag) {
    return new Builder(repository, tag);
  }

  /** Collects the parts of an image. Not thread-safe. */
  public static final class Builder {
    private final String repository;
    private final String tag;
    private final List<LayerFiles> layers = new ArrayList<>();
    private List<Platform> platforms = List.of(Platform.LINUX_AMD64);
    private boolean index;
    private boolean docker;

    private Builder(String repository, String tag) {
      this.repository = Objects.requireNonNull(repository, "repository");
      this.tag = Objects.requireNonNull(tag, "tag");
      layers.add(new LayerFiles());
    }

    /**
     * Adds a file to the current layer.
     *
     * @param path its path in the image, at most 100 bytes
     * @param text its content
     * @return this builder
     */
    public Builder file(String path, String text) {
      return file(path, text.getBytes(StandardCharsets.UTF_8), 0644);
    }

    /**
     * Adds a file to the current layer.
     *
     * @param path its path in the image, at most 100 bytes
     * @param content its content, copied
     * @param mode its permission bits, such as {@code 0755}
     * @return this builder
     */
    public Builder file(String path, byte[] content, int mode) {
      last().file(path, mode, content.clone());
      return this;
    }

    /**
     * Starts the next layer; does nothing if the current one is empty.
     *
     * @return this builder
     */
    public Builder layer() {
      if (!last().isEmpty()) {
        layers.add(new LayerFiles());
      }
      return this;
    }

    /**
     * Adds a layer with one file of bytes that cannot be compressed. It is generated when it is
     * sent, so it may be of any size below 8 GiB.
     *
     * @param size how long the file is; the layer's blob is a little longer
     * @param seed what the bytes are made from
     * @return this builder
     */
    public Builder randomLayer(long size, long seed) {
      if (size < 0 || size >= 1L << 33) {
        throw new IllegalArgumentException("the size must be from 0 to 8 GiB, got " + size);
      }
      layer();
      last().random("data/" + seed, size, seed);
      return layer();
    }

    /**
     * Sets the platform of the image.
     *
     * @param platform the platform; {@code linux/amd64} if not set
     * @return this builder
     */
    public Builder platform(Platform platform) {
      this.platforms = List.of(platform);
      this.index = false;
      return this;
    }

    /**
     * Makes an index of one image for each platform. The images share the layers but for one, which
     * has a file {@code etc/platform}.
     *
     * @param platforms at least one platform
     * @return this builder
     */
    public Builder platforms(Platform... platforms) {
      if (platforms.length == 0) {
        throw new IllegalArgumentException("an index needs a platform");
      }
      this.platforms = List.of(platforms);
      this.index = true;
      return this;
    }

    /**
     * Uses Docker's media types (schema 2, manifest list) rather than those of OCI.
     *
     * @return this builder
     */
    public Builder docker() {
      this.docker = true;
      return this;
    }

    /**
     * Makes the image.
     *
     * @return the image
     */
    public ImageFixture build() {
      ImageFixture.Parts parts = new ImageFixture.Parts();
      Map<Platform, Descriptor> manifests = new LinkedHashMap<>();
      List<LayerFiles> common = layers.stream().filter(layer -> !layer.isEmpty()).toList();
      for (Platform platform : platforms) {
        List<LayerFiles> all = new ArrayList<>(common);
        if (index || common.isEmpty()) {
          LayerFiles own = new LayerFiles();
          own.file("etc/platform", 0644, (platform + "\n").getBytes(StandardCharsets.UTF_8));
          all.add(own);
        }
        manifests.put(platform, manifest(parts, platform, all));
      }
      Descriptor top = manifests.values().iterator().next();
      if (index) {
        top = parts.manifest(type(MediaType.OCI_INDEX), index(manifests));
      }
      return new ImageFixture(repository, tag, top, manifests, parts);
    }

    private LayerFiles last() {
      return layers.get(layers.size() - 1);
    }

    private Descriptor manifest(ImageFixture.Parts parts, Platform platform, List<LayerFiles> all) {
      List<LayerFiles.Written> written = new ArrayList<>();
      for (LayerFiles layer : all) {
        LayerFiles.Written done = layer.measure(type(MediaType.OCI_LAYER_GZIP));
        parts.layer(done.descriptor(), layer);
        written.add(done);
      }
      Descriptor config = parts.config(type(MediaType.OCI_CONFIG), config(platform, written));
      MediaType mediaType = type(MediaType.OCI_MANIFEST);
      String json =
          "{\"schemaVersion\":2,\"mediaType\":"
              + JsonText.quoted(mediaType.value())
              + ",\"config\":"
              + descriptor(config, "")
              + ",\"layers\":"
              + written.stream()
                  .map(layer -> descriptor(layer.descriptor(), ""))
                  .collect(Collectors.joining(",", "[", "]"))
              + "}";
      return parts.manifest(mediaType, json);
    }

    private static String config(Platform platform, List<LayerFiles.Written> layers) {
      String history = "{\"created\":\"1970-01-01T00:00:00Z\",\"created_by\":\"testkit\"}";
      return "{\"created\":\"1970-01-01T00:00:00Z\","
          + platformJson(platform)
          + ",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
          + JsonText.strings(layers.stream().map(LayerFiles.Written::diffId).toList())
          + "},\"history\":"
          + layers.stream().map(layer -> history).collect(Collectors.joining(",", "[", "]"))
          + "}";
    }

    private String index(Map<Platform, Descriptor> manifests) {
      return "{\"schemaVersion\":2,\"mediaType\":"
          + JsonText.quoted(type(MediaType.OCI_INDEX).value())
          + ",\"manifests\":"
          + manifests.entrySet().stream()
              .map(
                  e -> descriptor(e.getValue(), ",\"platform\":{" + platformJson(e.getKey()) + "}"))
              .collect(Collectors.joining(",", "[", "]"))
          + "}";
    }

    private static String platformJson(Platform platform) {
      String variant = platform.variant();
      return "\"architecture\":"
          + JsonText.quoted(platform.architecture())
          + ",\"os\":"
          + JsonText.quoted(platform.os())
          + (variant.isEmpty() ? "" : ",\"variant\":" + JsonText.quoted(variant));
    }

    private static String descriptor(Descriptor blob, String more) {
      return "{\"mediaType\":"
          + JsonText.quoted(blob.mediaType().value())
          + ",\"digest\":\""
          + blob.digest()
          + "\",\"size\":"
          + blob.size()
          + more
          + "}";
    }

    private MediaType type(MediaType oci) {
      if (!docker) {
        return oci;
      }
      if (oci.equals(MediaType.OCI_INDEX)) {
        return MediaType.DOCKER_MANIFEST_LIST;
      }
      if (oci.equals(MediaType.OCI_MANIFEST)) {
        return MediaType.DOCKER_MANIFEST;
      }
      return new MediaType(
          oci.equals(MediaType.OCI_CONFIG)
              ? "application/vnd.docker.container.image.v1+json"
              : "application/vnd.docker.image.rootfs.diff.tar.gzip");
    }
  }
}
