package cloud.sealer.kubernetes.image;

import cloud.sealer.sdk.RootfsPath;
import cloud.sealer.sdk.spi.FileTree;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The small files of an image as one text, so that the next look at the same image need not read
 * all of its layers.
 */
final class SmallFiles {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LIMIT = 8 << 20;

  private SmallFiles() {}

  /** The text; empty if the files are not small. */
  static Optional<String> write(List<FileTree.Entry> entries) throws IOException {
    if (entries.stream().mapToLong(FileTree.Entry::size).sum() > LIMIT) {
      return Optional.empty();
    }
    ObjectNode root = MAPPER.createObjectNode();
    for (FileTree.Entry entry : entries) {
      ObjectNode node = root.putObject(entry.path().value());
      node.put("kind", entry.kind().name());
      node.put("mode", entry.mode());
      node.put("target", entry.target());
      FileTree.Content content = entry.content();
      if (content != null) {
        try (InputStream in = content.open()) {
          node.put("content", in.readAllBytes());
        }
      }
    }
    return Optional.of(root.toString());
  }

  /** The files of a text that {@link #write} made. */
  static List<FileTree.Entry> read(String text) throws IOException {
    List<FileTree.Entry> entries = new ArrayList<>();
    for (var field : MAPPER.readTree(text).properties()) {
      JsonNode node = field.getValue();
      byte[] bytes = node.path("content").binaryValue();
      entries.add(
          new FileTree.Entry(
              RootfsPath.of(field.getKey()),
              FileTree.Kind.valueOf(node.path("kind").asText()),
              node.path("mode").asInt(),
              bytes == null ? 0 : bytes.length,
              node.path("target").asText(),
              bytes == null ? null : () -> new ByteArrayInputStream(bytes),
              null));
    }
    return entries;
  }
}
