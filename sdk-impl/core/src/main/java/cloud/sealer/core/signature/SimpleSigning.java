package cloud.sealer.core.signature;

import cloud.sealer.sdk.Digest;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is signed: the <a
 * href="https://github.com/containers/image/blob/main/docs/containers-signature.5.md">simple
 * signing</a> document that names an image.
 *
 * @param identity the repository it is signed for
 * @param digest the digest of its index or manifest
 * @param annotations what else is said of it
 */
record SimpleSigning(String identity, Digest digest, Map<String, String> annotations) {
  static final String MEDIA_TYPE = "application/vnd.dev.cosign.simplesigning.v1+json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPE = "cosign container image signature";

  SimpleSigning {
    annotations = Map.copyOf(annotations);
  }

  byte[] toJson() {
    ObjectNode node = JSON.createObjectNode();
    ObjectNode critical = node.putObject("critical");
    critical.putObject("identity").put("docker-reference", identity);
    critical.putObject("image").put("docker-manifest-digest", digest.toString());
    critical.put("type", TYPE);
    if (annotations.isEmpty()) {
      node.putNull("optional");
    } else {
      ObjectNode optional = node.putObject("optional");
      new TreeMap<>(annotations).forEach(optional::put);
    }
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException if it is none; the message says why
   */
  static SimpleSigning parse(byte[] bytes) {
    try {
      JsonNode node = JSON.readTree(bytes);
      JsonNode critical = node == null ? JSON.missingNode() : node.path("critical");
      if (!critical.path("type").asText().equals(TYPE)) {
        throw new IllegalArgumentException("it is not of the type \"" + TYPE + "\"");
      }
      Map<String, String> annotations = new TreeMap<>();
      node.path("optional")
          .properties()
          .forEach(field -> annotations.put(field.getKey(), field.getValue().asText()));
      return new SimpleSigning(
          critical.path("identity").path("docker-reference").asText(),
          Digest.parse(critical.path("image").path("docker-manifest-digest").asText()),
          annotations);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    } catch (IOException e) {
      throw new IllegalStateException("reading an array cannot fail", e);
    }
  }
}
