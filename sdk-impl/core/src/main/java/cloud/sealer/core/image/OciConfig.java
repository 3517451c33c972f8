package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of an <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md">image
 * configuration</a> that cluster images use.
 *
 * @param platform the platform; null if the configuration names none
 * @param diffIds the digests of the uncompressed layers, lowest first
 * @param history what made each layer
 */
public record OciConfig(@Nullable Platform platform, List<Digest> diffIds, List<History> history) {
  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

  /** Copies the lists. */
  public OciConfig {
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
  }

  /**
   * What made a layer, or an instruction that made none.
   *
   * @param createdBy the instruction's text
   * @param emptyLayer whether it made no layer
   */
  public record History(String createdBy, boolean emptyLayer) {}

  /** Whether a blob is the configuration of an image, and not of a chart, signature or the like. */
  static boolean isConfig(Descriptor config) {
    String type = config.mediaType().value();
    return type.equals(MediaType.OCI_CONFIG.value()) || type.equals(DOCKER_CONFIG);
  }

  /** Reads a configuration; {@code where} names it in errors. */
  public static OciConfig parse(byte[] bytes, String where) {
    JsonNode node = OciJson.parse(bytes, where);
    try {
      if (SealerDescriptor.isOne(node)) {
        return SealerDescriptor.config(node);
      }
      List<Digest> diffIds = new ArrayList<>();
      node.path("rootfs").path("diff_ids").forEach(id -> diffIds.add(Digest.parse(id.asText())));
      List<History> history = new ArrayList<>();
      node.path("history")
          .forEach(
              entry ->
                  history.add(
                      new History(
                          entry.path("created_by").asText(),
                          entry.path("empty_layer").asBoolean())));
      return new OciConfig(OciJson.readPlatform(node), diffIds, history);
    } catch (IllegalArgumentException e) {
      throw OciJson.unsupported(where + " has a bad configuration: " + e.getMessage(), e);
    }
  }

  byte[] toJson(Instant created) {
    ObjectNode node = OciJson.MAPPER.createObjectNode();
    node.put("created", created.toString());
    if (platform != null) {
      node.put("architecture", platform.architecture());
      node.put("os", platform.os());
      if (!platform.variant().isEmpty()) {
        node.put("variant", platform.variant());
      }
    }
    node.putObject("config");
    ObjectNode rootfs = node.putObject("rootfs");
    rootfs.put("type", "layers");
    rootfs.putArray("diff_ids");
    diffIds.forEach(id -> rootfs.withArray("diff_ids").add(id.toString()));
    node.putArray("history");
    for (History entry : history) {
      ObjectNode line = node.withArray("history").addObject();
      line.put("created", created.toString());
      line.put("created_by", entry.createdBy());
      if (entry.emptyLayer()) {
        line.put("empty_layer", true);
      }
    }
    return OciJson.bytes(node);
  }
}
