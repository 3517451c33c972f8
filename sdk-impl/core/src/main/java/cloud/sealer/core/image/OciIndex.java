package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md">image
 * index</a>, or Docker's manifest list.
 *
 * @param manifests the manifests, in the order of the index
 */
public record OciIndex(List<Descriptor> manifests) {
  /** Copies the list. */
  public OciIndex {
    manifests = List.copyOf(manifests);
  }

  /** Reads an index; {@code where} names it in errors. */
  public static OciIndex parse(byte[] bytes, String where) {
    return new OciIndex(
        OciJson.readDescriptors(OciJson.parse(bytes, where).path("manifests"), where));
  }

  byte[] toJson() {
    ObjectNode node = OciJson.MAPPER.createObjectNode();
    node.put("schemaVersion", 2);
    node.put("mediaType", MediaType.OCI_INDEX.value());
    manifests.forEach(manifest -> node.withArray("manifests").add(OciJson.write(manifest)));
    return OciJson.bytes(node);
  }

  /**
   * An index that lists only some images, and says which index it was made from. Whatever else
   * stands in that stays as it is, also in the entries.
   *
   * @param index the bytes of the index
   * @param kept the manifests that the new index lists; those that the index lists by way of others
   *     come last
   * @param original the digest of the index
   * @return the bytes of the new index, or those of the old one if it lists just these images
   */
  public static byte[] subset(byte[] index, List<Descriptor> kept, Digest original) {
    JsonNode parsed = OciJson.parse(index, "index " + original);
    Map<String, Descriptor> left = new LinkedHashMap<>();
    kept.forEach(manifest -> left.putIfAbsent(manifest.digest().toString(), manifest));
    ArrayNode entries = OciJson.MAPPER.createArrayNode();
    for (JsonNode entry : parsed.path("manifests")) {
      if (left.remove(entry.path("digest").asText()) != null) {
        entries.add(entry);
      }
    }
    if (left.isEmpty() && entries.size() == parsed.path("manifests").size()) {
      return index;
    }
    left.values().forEach(manifest -> entries.add(OciJson.write(manifest)));
    ObjectNode subset = ((ObjectNode) parsed).deepCopy();
    subset.set("manifests", entries);
    subset.withObjectProperty("annotations").put(Annotations.ORIGINAL, original.toString());
    return OciJson.bytes(subset);
  }
}
