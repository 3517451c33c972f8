package cloud.sealer.core.store;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code index.json}. What other tools wrote into it, such as entries without a name and
 * members we do not know, stays as it is.
 */
final class LayoutIndex {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final int MAX_SIZE = 64 * 1024 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Path file;
  private final ObjectNode root;

  private LayoutIndex(Path file, ObjectNode root) {
    this.file = file;
    this.root = root;
  }

  /** Reads the file; an index without entries if there is none. */
  static LayoutIndex read(Path file) {
    try {
      if (Files.size(file) <= MAX_SIZE
          && MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode root) {
        return new LayoutIndex(file, root);
      }
      throw corrupt(file, "it is not an image index", null);
    } catch (NoSuchFileException e) {
      ObjectNode root = MAPPER.createObjectNode();
      root.put("schemaVersion", 2);
      root.put("mediaType", MediaType.OCI_INDEX.value());
      root.putArray("manifests");
      return new LayoutIndex(file, root);
    } catch (JacksonException e) {
      throw corrupt(file, "it is not JSON", e);
    } catch (IOException e) {
      throw StoreFailure.of("read", file, e);
    }
  }

  private static SealerException corrupt(Path file, String reason, @Nullable Exception cause) {
    return SealerException.builder(ErrorCode.STORE_CORRUPT, "cannot use " + file + ": " + reason)
        .remedy("restore the file, or move the store away and pull the images again")
        .cause(cause)
        .build();
  }

  /** Replaces the file. The caller holds the lock of the index. */
  void write() {
    try {
      DurableFiles.replace(
          file, file.resolveSibling(file.getFileName() + ".new"), MAPPER.writeValueAsBytes(root));
    } catch (IOException e) {
      throw StoreFailure.of("write", file, e);
    }
  }

  Map<String, Descriptor> names() {
    Map<String, Descriptor> names = new TreeMap<>();
    for (JsonNode entry : root.path("manifests")) {
      JsonNode name = entry.path("annotations").path(REF_NAME);
      if (name.isTextual()) {
        names.putIfAbsent(name.asText(), descriptor(entry));
      }
    }
    return names;
  }

  void put(String name, Descriptor image) {
    remove(name);
    ObjectNode entry = manifests().addObject();
    entry.put("mediaType", image.mediaType().value());
    entry.put("digest", image.digest().toString());
    entry.put("size", image.size());
    Platform platform = image.platform();
    if (platform != null) {
      ObjectNode node = entry.putObject("platform");
      node.put("architecture", platform.architecture());
      node.put("os", platform.os());
      if (!platform.variant().isEmpty()) {
        node.put("variant", platform.variant());
      }
    }
    ObjectNode annotations = entry.putObject("annotations");
    Map<String, String> all = new TreeMap<>(image.annotations());
    all.put(REF_NAME, name);
    all.forEach(annotations::put);
  }

  boolean remove(String name) {
    boolean removed = false;
    for (Iterator<JsonNode> entries = manifests().iterator(); entries.hasNext(); ) {
      if (entries.next().path("annotations").path(REF_NAME).asText("").equals(name)) {
        entries.remove();
        removed = true;
      }
    }
    return removed;
  }

  /** The whole document, whose descriptors prune follows. */
  JsonNode document() {
    return root;
  }

  private ArrayNode manifests() {
    return root.withArray("/manifests");
  }

  private Descriptor descriptor(JsonNode node) {
    try {
      Map<String, String> annotations = new TreeMap<>();
      for (Map.Entry<String, JsonNode> a : node.path("annotations").properties()) {
        annotations.put(a.getKey(), a.getValue().asText());
      }
      annotations.remove(REF_NAME);
      JsonNode platform = node.path("platform");
      return new Descriptor(
          new MediaType(node.path("mediaType").asText(MediaType.OCI_MANIFEST.value())),
          Digest.parse(node.path("digest").asText()),
          node.path("size").asLong(-1),
          platform.path("os").asText().isEmpty() || platform.path("architecture").asText().isEmpty()
              ? null
              : new Platform(
                  platform.path("os").asText(),
                  platform.path("architecture").asText(),
                  platform.path("variant").asText()),
          annotations);
    } catch (IllegalArgumentException e) {
      throw corrupt(file, "it has a bad descriptor: " + e.getMessage(), e);
    }
  }
}
