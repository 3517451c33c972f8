package cloud.sealer.core.layer;

import static cloud.sealer.core.layer.LayerFixture.directory;
import static cloud.sealer.core.layer.LayerFixture.file;
import static cloud.sealer.core.layer.LayerFixture.hardLink;
import static cloud.sealer.core.layer.LayerFixture.opaque;
import static cloud.sealer.core.layer.LayerFixture.symlink;
import static cloud.sealer.core.layer.LayerFixture.whiteout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Other tools read our store and layers as they stand. */
@Tag("real")
class LayerInteropIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path temporary;
  private Path directory;
  private LayerFixture layers;

  @BeforeEach
  void open() {
    // buildah derives the name of a container from that of the directory, which must be lower case.
    directory = temporary.resolve("store");
    layers = new LayerFixture(directory);
  }

  @AfterEach
  void close() {
    layers.close();
  }

  private static void require(String tool) {
    boolean there =
        Stream.of("/usr/bin/", "/usr/local/bin/", "/bin/")
            .anyMatch(bin -> Files.isExecutable(Path.of(bin + tool)));
    if (!there && Boolean.getBoolean("sealer.real")) {
      fail(tool + " is not installed");
    } else if (!there) {
      abort(tool + " is not installed");
    }
  }

  private String run(String... command) throws Exception {
    Path output = temporary.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(temporary.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    assertThat(process.exitValue()).as("%s: %s", List.of(command), text).isZero();
    return text;
  }

  private Descriptor json(MediaType type, ObjectNode node) throws IOException {
    Descriptor blob =
        layers.store(MAPPER.writeValueAsString(node).getBytes(StandardCharsets.UTF_8));
    return new Descriptor(type, blob.digest(), blob.size());
  }

  private static ObjectNode node(Descriptor descriptor) {
    return MAPPER
        .createObjectNode()
        .put("mediaType", descriptor.mediaType().value())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }

  /** Writes an image of two layers: configuration, manifest, index, name. */
  private void image(String name, Compression compression) throws IOException {
    List<WrittenLayer> written =
        List.of(
            layers.write(
                compression,
                directory("d"),
                file("d/run", 0755, "#!/bin/sh\n"),
                file("d/lower", "x"),
                hardLink("d/run2", "d/run"),
                directory("empty"),
                symlink("link", "d/run"),
                file("名.txt", "text"),
                file("n/" + "long-name-".repeat(15) + "/" + "f".repeat(150), "deep"),
                file("old", "x")),
            layers.write(compression, opaque("d"), file("d/new", "n"), whiteout("old")));
    ObjectNode config = MAPPER.createObjectNode().put("architecture", "amd64").put("os", "linux");
    config.putObject("config");
    ObjectNode rootfs = config.putObject("rootfs").put("type", "layers");
    ObjectNode manifest =
        MAPPER
            .createObjectNode()
            .put("schemaVersion", 2)
            .put("mediaType", MediaType.OCI_MANIFEST.value());
    for (WrittenLayer layer : written) {
      rootfs.withArray("diff_ids").add(layer.diffId().toString());
    }
    manifest.set("config", node(json(MediaType.OCI_CONFIG, config)));
    written.forEach(layer -> manifest.withArray("layers").add(node(layer.descriptor())));
    ObjectNode entry = node(json(MediaType.OCI_MANIFEST, manifest));
    entry.putObject("platform").put("architecture", "amd64").put("os", "linux");
    ObjectNode index =
        MAPPER
            .createObjectNode()
            .put("schemaVersion", 2)
            .put("mediaType", MediaType.OCI_INDEX.value());
    index.putArray("manifests").add(entry);
    layers.store.putName(name, json(MediaType.OCI_INDEX, index));
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void skopeoCopiesAndInspects(Compression compression) throws Exception {
    require("skopeo");
    image("my-dashboard:v1", compression);

    run("skopeo", "copy", "oci:store:my-dashboard:v1", "dir:copy");
    assertThat(run("skopeo", "inspect", "oci:store:my-dashboard:v1")).contains("Digest");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "my-dashboard:v1", "127.0.0.1:5000/a/b:v1"})
  void everyToolTakesAnyName(String name) throws Exception {
    require("skopeo");
    require("umoci");
    image(name, Compression.GZIP);

    run("skopeo", "inspect", "oci:store:" + name);
    run("umoci", "unpack", "--rootless", "--image", "store:" + name, "bundle");
  }

  /** Debian's umoci 0.4.7 does not know zstd. */
  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "NONE"})
  void umociUnpacksWhatWeUnpack(Compression compression) throws Exception {
    require("umoci");
    image("my-dashboard:v1", compression);
    run("umoci", "unpack", "--rootless", "--image", "store:my-dashboard:v1", "bundle");
    Path bundle = temporary.resolve("bundle/rootfs");

    assertThat(bundle.resolve("d")).isDirectoryContaining(f -> f.endsWith("new"));
    assertThat(bundle.resolve("d/lower")).doesNotExist();
    assertThat(bundle.resolve("old")).doesNotExist();
    assertThat(bundle.resolve("empty")).isEmptyDirectory();
    assertThat(bundle.resolve("名.txt")).hasContent("text");
    assertThat(Files.readSymbolicLink(bundle.resolve("link"))).hasToString("d/run");
    assertThat(bundle.resolve("n/" + "long-name-".repeat(15) + "/" + "f".repeat(150)))
        .hasContent("deep");
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void buildahStartsFromIt(Compression compression) throws Exception {
    require("buildah");
    image("my-dashboard:v1", compression);

    String container = run("buildah", "from", "oci:store:my-dashboard:v1").trim();
    container = container.substring(container.lastIndexOf('\n') + 1);
    try {
      String root = run("buildah", "mount", container).trim();
      assertThat(Path.of(root, "d")).isDirectoryContaining(f -> f.endsWith("new"));
      assertThat(Path.of(root, "old")).doesNotExist();
      assertThat(Path.of(root, "名.txt")).hasContent("text");
    } finally {
      run("buildah", "rm", container);
    }
  }

  @Test
  void gnuTarAndGzipReadOurs() throws Exception {
    require("tar");
    require("gzip");
    WrittenLayer plain =
        layers.write(
            Compression.NONE,
            file("a/" + "long-name-".repeat(30), "x"),
            file("名.txt", "text"),
            hardLink("h", "名.txt"),
            symlink("l", "t".repeat(200)));
    WrittenLayer gzip = layers.write(Compression.GZIP, file("f", "text".repeat(500_000)));
    String blobs = directory.resolve("blobs/sha256") + "/";

    assertThat(
            run(
                "tar",
                "--quoting-style=literal",
                "-tvf",
                blobs + plain.descriptor().digest().hex()))
        .contains("a/" + "long-name-".repeat(30))
        .contains("名.txt", "h link to 名.txt", "l -> " + "t".repeat(200), "0/0", "1970-01-01");
    Files.copy(
        directory.resolve("blobs/sha256/" + gzip.descriptor().digest().hex()),
        temporary.resolve("layer.tar.gz"));
    run("gzip", "-t", "layer.tar.gz");
  }
}
