package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

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
}
