package cloud.sealer.testkit;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes small cluster images in the forms that the program sealer gives them, to test that they are
 * read.
 *
 * <p>{@linkplain #v06 0.6} and {@linkplain #v07 0.7} push a Docker manifest of schema 2 whose
 * configuration is the descriptor of the image: {@code kind: Image}, the layers with type, value
 * and, but for commands, the digest of the uncompressed tar as their id, and the default
 * Clusterfile in an annotation; layers are gzip. They save a tar of the layers' directories, the
 * descriptor as YAML, and the image's entry of the local index. {@linkplain #v09 0.9} pushes an
 * ordinary OCI image with two annotations.
 *
 * <p>Deterministic: the same calls make the same digests on every machine.
 */
public final class SealerImages {
  private static final MediaType DOCKER_CONFIG =
      new MediaType("application/vnd.docker.container.image.v1+json");
  private static final MediaType DOCKER_LAYER =
      new MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip");

  private SealerImages() {}

  /**
   * Starts an image as sealer 0.6 makes it: without arguments, platform and history.
   *
   * @param repository its repository at a registry, such as {@code sealer-io/kubernetes}
   * @param tag its tag
   * @return a builder
   */
  public static Builder v06(String repository, String tag) {
    return new Builder(repository, tag, Form.V06);
  }

  /**
   * Starts an image as sealer 0.7 makes it.
   *
   * @param repository its repository at a registry, such as {@code sealer-io/kubernetes}
   * @param tag its tag
   * @return a builder
   */
  public static Builder v07(String repository, String tag) {
    return new Builder(repository, tag, Form.V07);
  }

  /**
   * Starts an image as sealer since 0.9 makes it.
   *
   * @param repository its repository at a registry, such as {@code sealerio/kubernetes}
   * @param tag its tag
   * @return a builder
   */
  public static Builder v09(String repository, String tag) {
    return new Builder(repository, tag, Form.V09);
  }

  private enum Form {
    V06,
    V07,
    V09
  }

  private record Layer(String type, String value, @Nullable LayerFiles files) {}

  /** Collects the parts of an image. Not thread-safe. */
  public static final class Builder {
    private final String repository;
    private final String tag;
    private final Form form;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, String> args = new TreeMap<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private String clusterfile = "";

    private Builder(String repository, String tag, Form form) {
      this.repository = Objects.requireNonNull(repository, "repository");
      this.tag = Objects.requireNonNull(tag, "tag");
      this.form = form;
    }

    /**
     * Adds a layer.
     *
     * @param type what made it: {@code COPY}, {@code RUN} or {@code BASE}
     * @param value the text of the instruction, such as {@code . .} or {@code rootfs cache}
     * @param files its files: texts by path
     * @return this builder
     */
    public Builder layer(String type, String value, Map<String, String> files) {
      LayerFiles content = new LayerFiles();
      new TreeMap<>(files)
          .forEach((path, text) -> content.file(path, 0755, text.getBytes(StandardCharsets.UTF_8)));
      layers.add(new Layer(type, value, content));
      return this;
    }

    /**
     * Adds a command, which has no layer.
     *
     * @param command its text
     * @return this builder
     */
    public Builder command(String command) {
      layers.add(new Layer("CMD", command, null));
      return this;
    }

    /**
     * Adds an argument; 0.6 has none.
     *
     * @param name its name
     * @param value its value
     * @return this builder
     */
    public Builder arg(String name, String value) {
      args.put(name, value);
      return this;
    }

    /**
     * Sets the default Clusterfile, which 0.6 and 0.7 have in an annotation.
     *
     * @param yaml its text
     * @return this builder
     */
    public Builder clusterfile(String yaml) {
      this.clusterfile = yaml;
      return this;
    }

    /**
     * Adds an annotation to the manifest, which only 0.9 has.
     *
     * @param key such as {@code sealer.image.extension}
     * @param value its value
     * @return this builder
     */
    public Builder annotation(String key, String value) {
      annotations.put(key, value);
      return this;
    }

    /**
     * Makes the image as a registry has it.
     *
     * @return the image
     */
    public ImageFixture build() {
      boolean docker = form != Form.V09;
      ImageFixture.Parts parts = new ImageFixture.Parts();
      List<LayerFiles.Written> written = new ArrayList<>();
      for (Layer layer : layers) {
        LayerFiles files = layer.files();
        if (files != null) {
          LayerFiles.Written done = files.measure(docker ? DOCKER_LAYER : MediaType.OCI_LAYER_GZIP);
          parts.layer(done.descriptor(), files);
          written.add(done);
        }
      }
      Descriptor config =
          docker
              ? parts.config(DOCKER_CONFIG, descriptor())
              : parts.config(MediaType.OCI_CONFIG, config(written));
      MediaType type = docker ? MediaType.DOCKER_MANIFEST : MediaType.OCI_MANIFEST;
      String json =
          "{\"schemaVersion\":2,\"mediaType\":%s,\"config\":%s,\"layers\":%s%s}"
              .formatted(
                  JsonText.quoted(type.value()),
                  blob(config),
                  written.stream()
                      .map(layer -> blob(layer.descriptor()))
                      .collect(Collectors.joining(",", "[", "]")),
                  docker ? "" : ",\"annotations\":" + object(annotations));
      Descriptor manifest = parts.manifest(type, json);
      return new ImageFixture(
          repository, tag, manifest, Map.of(Platform.LINUX_AMD64, manifest), parts);
    }

    private static String blob(Descriptor blob) {
      return "{\"mediaType\":%s,\"size\":%d,\"digest\":\"%s\"}"
          .formatted(JsonText.quoted(blob.mediaType().value()), blob.size(), blob.digest());
    }

    private static String object(Map<String, String> map) {
      return map.entrySet().stream()
          .map(entry -> JsonText.quoted(entry.getKey()) + ":" + JsonText.quoted(entry.getValue()))
          .collect(Collectors.joining(",", "{", "}"));
    }

    private static String config(List<LayerFiles.Written> layers) {
      return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":"
          + "\"layers\",\"diff_ids\":"
          + JsonText.strings(layers.stream().map(LayerFiles.Written::diffId).toList())
          + "}}";
    }

    /** The descriptor as it goes to a registry. */
    private String descriptor() {
      String history =
          layers.stream()
              .map(
                  layer ->
                      "{\"created_by\":%s%s}"
                          .formatted(
                              JsonText.quoted(layer.type() + " " + layer.value()),
                              layer.files() == null ? ",\"empty_layer\":true" : ""))
              .collect(Collectors.joining(",", "[", "]"));
      boolean old = form == Form.V06;
      return "{\"kind\":\"Image\",\"metadata\":{%s\"creationTimestamp\":null%s},\"spec\":%s,\"status\":{}%s}"
          .formatted(
              old ? "" : "\"name\":" + JsonText.quoted(name()) + ",",
              clusterfile.isEmpty()
                  ? ""
                  : ",\"annotations\":" + object(Map.of("sea.aliyun.com/ClusterFile", clusterfile)),
              spec(),
              old ? "" : ",\"os\":\"linux\",\"architecture\":\"amd64\",\"history\":" + history);
    }

    private String spec() {
      boolean old = form == Form.V06;
      return "{\"id\":\"%s\",\"layers\":%s,\"sealer_version\":\"%s\",\"platform\":%s,\"image_config\":%s}"
          .formatted(
              id(),
              layers.stream().map(Builder::layer).collect(Collectors.joining(",", "[", "]")),
              old ? "v0.6.1" : "v0.7.1",
              old ? "{}" : "{\"architecture\":\"amd64\",\"os\":\"linux\"}",
              old || args.isEmpty() ? "{}" : "{\"args\":" + object(args) + "}");
    }

    private static String layer(Layer layer) {
      LayerFiles files = layer.files();
      return "{%s\"type\":%s,\"value\":%s}"
          .formatted(
              files == null ? "" : "\"id\":\"" + diffId(files) + "\",",
              JsonText.quoted(layer.type()),
              JsonText.quoted(layer.value()));
    }

    private static Digest diffId(LayerFiles files) {
      return files.measure(DOCKER_LAYER).diffId();
    }

    private String name() {
      return repository.substring(repository.lastIndexOf('/') + 1) + ":" + tag;
    }

    private String id() {
      return Hashing.sha256(name().getBytes(StandardCharsets.UTF_8)).hex();
    }

    /**
     * Writes the image as {@code sealer save} of 0.6 and 0.7 does.
     *
     * @param archive the file to make
     * @throws UncheckedIOException if it cannot be written
     */
    public void save(Path archive) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
        Map<String, LayerFiles> directories = new LinkedHashMap<>();
        for (Layer layer : layers) {
          LayerFiles files = layer.files();
          if (files != null) {
            directories.put(diffId(files).hex(), files);
          }
        }
        for (Map.Entry<String, LayerFiles> directory : directories.entrySet()) {
          directory.getValue().writeTar(out, directory.getKey() + "/");
        }
        LayerFiles documents = new LayerFiles();
        documents.file("image_metadata.yaml", 0644, yaml().getBytes(StandardCharsets.UTF_8));
        String entry =
            "{\"name\":%s,\"id\":\"%s\",\"created\":\"2022-03-01T08:00:00Z\",\"size\":1024}"
                .formatted(JsonText.quoted(name()), id());
        documents.file("Metadata", 0644, entry.getBytes(StandardCharsets.UTF_8));
        documents.writeTar(out, "");
        LayerFiles.end(out);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The descriptor as it stands in the local store. */
    private String yaml() {
      StringBuilder yaml = new StringBuilder("apiVersion: \"\"\nkind: Image\nmetadata:\n");
      if (!clusterfile.isEmpty()) {
        yaml.append("  annotations:\n    sea.aliyun.com/ClusterFile: |\n");
        clusterfile.lines().forEach(line -> yaml.append("      ").append(line).append('\n'));
      }
      yaml.append("  creationTimestamp: null\n  name: ").append(name()).append("\nspec:\n  id: ");
      yaml.append(id()).append("\n  image_config:\n    args:\n");
      args.forEach((name, value) -> yaml.append("      " + name + ": " + value + "\n"));
      yaml.append("  layers:\n");
      for (Layer layer : layers) {
        LayerFiles files = layer.files();
        yaml.append(files == null ? "  - " : "  - id: " + diffId(files) + "\n    ");
        yaml.append("type: ").append(layer.type()).append("\n    value: ");
        yaml.append(JsonText.quoted(layer.value())).append('\n');
      }
      return yaml.append(
              "  mergedLayer: \"\"\n  platform:\n    architecture: amd64\n    os: linux\n")
          .append("    os_version: \"\"\n  sealer_version: v0.7.1\nstatus: {}\n")
          .toString();
    }
  }
}
