package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.SealerException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON forms of OCI descriptors and platforms, with members always in the same order. */
final class OciJson {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private OciJson() {}

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Parses a JSON object; {@code what} names it in the error. */
  static JsonNode parse(byte[] bytes, String what) {
    try {
      JsonNode node = MAPPER.readTree(bytes);
      if (node != null && node.isObject()) {
        return node;
      }
    } catch (IOException e) {
      throw unsupported(what + " is not JSON", e);
    }
    throw unsupported(what + " is not a JSON object", null);
  }

  static SealerException unsupported(String message, @Nullable Throwable cause) {
    return SealerException.builder(ErrorCode.IMAGE_UNSUPPORTED, message)
        .remedy(
            "build or push the image again with a tool that follows the OCI image specification")
        .cause(cause)
        .build();
  }

  static ObjectNode write(Descriptor descriptor) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("mediaType", descriptor.mediaType().value());
    node.put("digest", descriptor.digest().toString());
    node.put("size", descriptor.size());
    Platform platform = descriptor.platform();
    if (platform != null) {
      node.set("platform", write(platform));
    }
    if (!descriptor.annotations().isEmpty()) {
      node.set("annotations", write(descriptor.annotations()));
    }
    return node;
  }

  static ObjectNode write(Map<String, String> map) {
    ObjectNode node = MAPPER.createObjectNode();
    new TreeMap<>(map).forEach(node::put);
    return node;
  }

  private static ObjectNode write(Platform platform) {
    ObjectNode node = MAPPER.createObjectNode();
    node.put("architecture", platform.architecture());
    node.put("os", platform.os());
    if (!platform.variant().isEmpty()) {
      node.put("variant", platform.variant());
    }
    return node;
  }

  static Descriptor readDescriptor(JsonNode node, String where) {
    try {
      return new Descriptor(
          new MediaType(node.path("mediaType").asText()),
          Digest.parse(node.path("digest").asText()),
          node.path("size").asLong(-1),
          node.has("platform") ? readPlatform(node.path("platform")) : null,
          readMap(node.path("annotations")));
    } catch (IllegalArgumentException e) {
      throw unsupported(where + " has a bad descriptor: " + e.getMessage(), e);
    }
  }

  static @Nullable Platform readPlatform(JsonNode node) {
    String os = node.path("os").asText();
    String architecture = node.path("architecture").asText();
    if (os.isEmpty() || architecture.isEmpty()) {
      return null;
    }
    return new Platform(os, architecture, node.path("variant").asText());
  }

  static List<Descriptor> readDescriptors(JsonNode array, String where) {
    List<Descriptor> descriptors = new ArrayList<>();
    array.forEach(node -> descriptors.add(readDescriptor(node, where)));
    return descriptors;
  }

  static Map<String, String> readMap(JsonNode node) {
    Map<String, String> map = new TreeMap<>();
    node.properties().forEach(field -> map.put(field.getKey(), field.getValue().asText()));
    return map;
  }
}
