package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Platform;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What sealer 0.6 to 0.8 has in the place of an image configuration: the descriptor of its image.
 * Layers without an id are commands, and instructions that made nothing.
 */
final class SealerDescriptor {
  /** The default Clusterfile, in {@code metadata.annotations}. */
  private static final String CLUSTERFILE = "sea.aliyun.com/ClusterFile";

  private static final String COMMAND = "CMD";

  private SealerDescriptor() {}

  static boolean isOne(JsonNode config) {
    return config.path("spec").path("layers").isArray()
        && (config.path("kind").asText().equals("Image") || !config.has("rootfs"));
  }

  /** The layers as a configuration has them. */
  static OciConfig config(JsonNode descriptor) {
    List<Digest> diffIds = new ArrayList<>();
    List<OciConfig.History> history = new ArrayList<>();
    for (JsonNode layer : descriptor.path("spec").path("layers")) {
      boolean empty = layer.path("id").asText().isEmpty();
      if (!empty) {
        diffIds.add(Digest.parse(layer.path("id").asText()));
      }
      String text = layer.path("type").asText() + " " + layer.path("value").asText();
      history.add(new OciConfig.History(text, empty));
    }
    return new OciConfig(platform(descriptor), diffIds, history);
  }

  private static @Nullable Platform platform(JsonNode descriptor) {
    JsonNode platform = descriptor.path("spec").path("platform");
    Platform own = OciJson.readPlatform(platform);
    return own == null ? OciJson.readPlatform(descriptor) : own;
  }

  /** What it says beside its layers; the version of Kubernetes stands in its files only. */
  static ClusterImage.Metadata metadata(JsonNode descriptor) {
    JsonNode image = descriptor.path("spec").path("image_config");
    String clusterfile =
        descriptor.path("metadata").path("annotations").path(CLUSTERFILE).asText("");
    return ClusterImage.Metadata.builder()
        .args(args(image.path("args")))
        .commands(commands(descriptor))
        .clusterfile(clusterfile.isBlank() ? null : clusterfile)
        .build();
  }

  /** In 0.8, what the base has stands apart: {@code {parent: {}, current: {}}}. */
  private static Map<String, String> args(JsonNode args) {
    Map<String, String> all = new TreeMap<>();
    if (args.path("parent").isObject() || args.path("current").isObject()) {
      all.putAll(OciJson.readMap(args.path("parent")));
      all.putAll(OciJson.readMap(args.path("current")));
      return all;
    }
    all.putAll(OciJson.readMap(args));
    return all;
  }

  private static List<String> commands(JsonNode descriptor) {
    List<String> commands = new ArrayList<>();
    JsonNode apart = descriptor.path("spec").path("image_config").path("cmd");
    apart.path("parent").forEach(command -> commands.add(command.asText()));
    apart.path("current").forEach(command -> commands.add(command.asText()));
    if (!commands.isEmpty()) {
      return commands;
    }
    for (JsonNode layer : descriptor.path("spec").path("layers")) {
      if (layer.path("type").asText().equals(COMMAND)) {
        commands.add(layer.path("value").asText().strip());
      }
    }
    return commands;
  }
}
