package cloud.sealer.core.remote;

import cloud.sealer.core.image.ImageReader;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/**
 * One image of a store as a store of its own: an <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">OCI image
 * layout</a> whose blobs are read from the store while it is sent.
 */
final class StoreTree implements FileTree {
  private final TreeMap<RootfsPath, Entry> entries = new TreeMap<>();

  /**
   * A tree of one image.
   *
   * @param store has the image's blobs
   * @param name the name it gets
   * @param image its index or manifest
   */
  StoreTree(LayerStore store, String name, Descriptor image) {
    text("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    text("index.json", index(name, image));
    directory("blobs");
    for (Descriptor blob : new ImageReader(store).blobs(image)) {
      Digest digest = blob.digest();
      directory("blobs/" + digest.algorithm());
      RootfsPath path = RootfsPath.of("blobs/" + digest.algorithm() + "/" + digest.hex());
      entries.put(path, Entry.file(path, 0644, blob.size(), () -> store.open(digest)));
    }
  }

  private static String index(String name, Descriptor image) {
    ObjectNode index = new ObjectMapper().createObjectNode();
    index.put("schemaVersion", 2);
    ObjectNode manifest = index.putArray("manifests").addObject();
    manifest.put("mediaType", image.mediaType().value());
    manifest.put("digest", image.digest().toString());
    manifest.put("size", image.size());
    manifest.putObject("annotations").put("org.opencontainers.image.ref.name", name);
    return index.toString();
  }

  private void directory(String name) {
    RootfsPath path = RootfsPath.of(name);
    entries.put(path, Entry.directory(path, 0755));
  }

  private void text(String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    RootfsPath path = RootfsPath.of(name);
    entries.put(path, Entry.file(path, 0644, bytes.length, () -> new ByteArrayInputStream(bytes)));
  }

  @Override
  public List<Entry> entries() {
    return List.copyOf(entries.values());
  }

  /** How many bytes its files have. */
  long size() {
    return entries.values().stream().mapToLong(Entry::size).sum();
  }
}
