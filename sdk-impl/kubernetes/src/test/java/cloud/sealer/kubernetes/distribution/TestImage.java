package cloud.sealer.kubernetes.distribution;

import cloud.sealer.core.layer.BlobLayer;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.LayerStore;
import com.github.luben.zstd.Zstd;
import com.google.common.hash.Hashing;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An image that is put together layer by layer. */
final class TestImage {
  private final LayerStore store;
  private final List<Descriptor> layers = new ArrayList<>();
  private final List<Digest> diffIds = new ArrayList<>();

  TestImage(LayerStore store) {
    this.store = store;
  }

  /** A tar of names and texts: a name with a slash at its end is a directory, {@code ->} a link. */
  static byte[] tar(String... namesAndTexts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        String text = namesAndTexts[i + 1];
        if (text.startsWith("-> ")) {
          TarArchiveEntry link = new TarArchiveEntry(namesAndTexts[i], TarArchiveEntry.LF_SYMLINK);
          link.setLinkName(text.substring(3));
          link.setModTime(0);
          tar.putArchiveEntry(link);
        } else {
          byte[] content = text.getBytes(StandardCharsets.UTF_8);
          TarArchiveEntry entry = new TarArchiveEntry(namesAndTexts[i]);
          entry.setMode(namesAndTexts[i].endsWith(".sh") ? 0755 : entry.getMode());
          entry.setSize(content.length);
          entry.setModTime(0);
          tar.putArchiveEntry(entry);
          tar.write(content);
        }
        tar.closeArchiveEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  TestImage gzip(String... namesAndTexts) {
    byte[] tar = tar(namesAndTexts);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return layer(tar, bytes.toByteArray(), Map.of());
  }

  TestImage zstd(String... namesAndTexts) {
    byte[] tar = tar(namesAndTexts);
    return layer(tar, Zstd.compress(tar), Map.of());
  }

  TestImage plain(String... namesAndTexts) {
    byte[] tar = tar(namesAndTexts);
    return layer(tar, tar, Map.of());
  }

  TestImage registry(String... namesAndTexts) {
    byte[] tar = tar(namesAndTexts);
    return layer(tar, tar, Map.of("cloud.sealer.layer", "registry"));
  }

  /** A layer of one blob of a container image. */
  TestImage blob(String text) {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    Digest digest = digest(content);
    BlobLayer layer = BlobLayer.of(digest, content.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(layer.prefix());
    bytes.writeBytes(content);
    bytes.writeBytes(layer.suffix());
    return layer(
        bytes.toByteArray(),
        bytes.toByteArray(),
        Map.of("cloud.sealer.layer", "registry", "cloud.sealer.blob", digest.toString()));
  }

  private TestImage layer(byte[] tar, byte[] blob, Map<String, String> annotations) {
    layers.add(new Descriptor(MediaType.OCI_LAYER, put(blob), blob.length, null, annotations));
    diffIds.add(digest(tar));
    return this;
  }

  List<Descriptor> layers() {
    return layers;
  }

  ClusterImage build() {
    byte[] config =
        ("{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
                + diffIds.stream()
                    .map(id -> "\"" + id + "\"")
                    .collect(Collectors.joining(",", "[", "]"))
                + "}}")
            .getBytes(StandardCharsets.UTF_8);
    Descriptor manifest =
        new Descriptor(
            MediaType.OCI_MANIFEST, digest(layers.toString().getBytes(StandardCharsets.UTF_8)), 1);
    return new ClusterImage(
        Reference.parse("test:v1", Reference.Defaults.SEALER),
        manifest,
        1,
        List.of(
            new PlatformImage(
                Platform.LINUX_AMD64,
                manifest,
                new Descriptor(MediaType.OCI_CONFIG, put(config), config.length),
                layers,
                ClusterImage.Metadata.builder().build())));
  }

  private Digest put(byte[] bytes) {
    Digest digest = digest(bytes);
    try (LayerStore.Session session = store.session();
        LayerStore.BlobWriter writer = session.write(digest.hex())) {
      if (writer.position() == 0) {
        writer.write(ByteBuffer.wrap(bytes));
      }
      writer.commit(digest);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return digest;
  }

  static Digest digest(byte[] bytes) {
    return new Digest("sha256", Hashing.sha256().hashBytes(bytes).toString());
  }
}
