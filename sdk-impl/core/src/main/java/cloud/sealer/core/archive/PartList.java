package cloud.sealer.core.archive;

import cloud.sealer.sdk.Digest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The file {@code parts.json} beside the parts of an archive.
 *
 * @param parts the parts, in order
 */
record PartList(List<Part> parts) {
  static final String FILE = "parts.json";
  private static final Pattern NAME = Pattern.compile("part-[0-9]{5,9}");
  private static final int MAX_SIZE = 16 * 1024 * 1024;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  PartList {
    parts = List.copyOf(parts);
  }

  /**
   * One part.
   *
   * @param name the name of its file
   * @param size its length in bytes
   * @param digest the hash of its bytes
   */
  record Part(String name, long size, Digest digest) {}

  static String name(int number) {
    return String.format("part-%05d", number);
  }

  static boolean isPart(Path file) {
    return NAME.matcher(String.valueOf(file.getFileName())).matches();
  }

  /** Reads the list of a directory. */
  static PartList read(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (Files.size(file) > MAX_SIZE) {
      throw new IOException(FILE + " is larger than " + MAX_SIZE + " bytes");
    }
    JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
    List<Part> parts = new ArrayList<>();
    for (JsonNode part : node == null ? MAPPER.createArrayNode() : node.path("parts")) {
      try {
        Digest digest = Digest.parse(part.path("digest").asText());
        parts.add(new Part(part.path("file").asText(), part.path("size").asLong(-1), digest));
      } catch (IllegalArgumentException e) {
        throw new IOException(FILE + " has a bad digest: " + e.getMessage(), e);
      }
    }
    for (Part part : parts) {
      if (!NAME.matcher(part.name()).matches() || part.size() < 0) {
        throw new IOException(FILE + " lists \"" + part.name() + "\", which is no part");
      }
    }
    if (parts.isEmpty()) {
      throw new IOException(FILE + " lists no parts");
    }
    return new PartList(parts);
  }

  void write(Path directory) throws IOException {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("schemaVersion", 1);
    node.put("size", parts.stream().mapToLong(Part::size).sum());
    ArrayNode array = node.putArray("parts");
    for (Part part : parts) {
      ObjectNode entry = array.addObject();
      entry.put("file", part.name());
      entry.put("size", part.size());
      entry.put("digest", part.digest().toString());
    }
    Files.write(
        directory.resolve(FILE), MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(node));
  }
}
