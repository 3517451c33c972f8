package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes the metadata of a cluster image into the annotations of its manifest, and reads it back.
 */
final class MetadataCodec {
  private MetadataCodec() {}

  static Map<String, String> write(ClusterImage.Metadata metadata) {
    Map<String, String> map = new TreeMap<>();
    map.put(Annotations.SCHEMA, Annotations.SCHEMA_VERSION);
    metadata.created().ifPresent(time -> map.put(Annotations.CREATED, time.toString()));
    metadata.base().ifPresent(name -> map.put(Annotations.BASE_NAME, name));
    metadata.baseDigest().ifPresent(digest -> map.put(Annotations.BASE_DIGEST, digest.toString()));
    metadata.kubernetesVersion().ifPresent(v -> map.put(Annotations.KUBERNETES_VERSION, v));
    metadata.kubernetesRange().ifPresent(r -> map.put(Annotations.KUBERNETES_RANGE, r));
    metadata.clusterfile().ifPresent(yaml -> map.put(Annotations.CLUSTERFILE, yaml));
    if (!metadata.args().isEmpty()) {
      map.put(Annotations.ARGS, text(OciJson.write(metadata.args())));
    }
    if (!metadata.commands().isEmpty()) {
      ArrayNode commands = OciJson.MAPPER.createArrayNode();
      metadata.commands().forEach(commands::add);
      map.put(Annotations.COMMANDS, text(commands));
    }
    if (!metadata.containerImages().isEmpty()) {
      ArrayNode images = OciJson.MAPPER.createArrayNode();
      metadata.containerImages().forEach(image -> images.add(write(image)));
      map.put(Annotations.CONTAINER_IMAGES, text(images));
    }
    return map;
  }

  private static ObjectNode write(ContainerImage image) {
    ObjectNode node = OciJson.MAPPER.createObjectNode();
    node.put("image", image.reference().toString());
    node.put("digest", image.digest().toString());
    node.put("manifest", image.manifest().toString());
    node.put("platform", image.platform().toString());
    node.put("size", image.size());
    ArrayNode files = node.putArray("files");
    image.files().forEach(files::add);
    return node;
  }

  static ClusterImage.Metadata read(Map<String, String> annotations, String where) {
    ClusterImage.Metadata.Builder metadata = ClusterImage.Metadata.builder();
    metadata.created(created(annotations.get(Annotations.CREATED)));
    metadata.base(
        annotations.get(Annotations.BASE_NAME), digest(annotations.get(Annotations.BASE_DIGEST)));
    try {
      metadata.kubernetesVersion(annotations.get(Annotations.KUBERNETES_VERSION));
      metadata.kubernetesRange(annotations.get(Annotations.KUBERNETES_RANGE));
      metadata.clusterfile(annotations.get(Annotations.CLUSTERFILE));
      metadata.args(OciJson.readMap(node(annotations, Annotations.ARGS)));
      List<String> commands = new ArrayList<>();
      node(annotations, Annotations.COMMANDS).forEach(command -> commands.add(command.asText()));
      metadata.commands(commands);
      List<ContainerImage> images = new ArrayList<>();
      node(annotations, Annotations.CONTAINER_IMAGES).forEach(image -> images.add(read(image)));
      metadata.containerImages(images);
    } catch (IllegalArgumentException | JsonProcessingException e) {
      throw OciJson.unsupported(where + " has bad annotations: " + e.getMessage(), e);
    }
    return metadata.build();
  }

  // The annotations of the OCI specification are also written by other tools, not always well; what
  // they say is not worth refusing an image for.

  private static @Nullable Instant created(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Digest digest(@Nullable String text) {
    try {
      return text == null ? null : Digest.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static JsonNode node(Map<String, String> annotations, String key)
      throws JsonProcessingException {
    String json = annotations.get(key);
    return json == null ? OciJson.MAPPER.createArrayNode() : OciJson.MAPPER.readTree(json);
  }

  private static ContainerImage read(JsonNode node) {
    List<String> files = new ArrayList<>();
    node.path("files").forEach(file -> files.add(file.asText()));
    return new ContainerImage(
        Reference.parse(node.path("image").asText()),
        Digest.parse(node.path("digest").asText()),
        Digest.parse(node.path("manifest").asText()),
        Platform.parse(node.path("platform").asText()),
        node.path("size").asLong(),
        files);
  }

  private static String text(JsonNode node) {
    try {
      return OciJson.MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
