package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * An <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md">image
 * manifest</a>, OCI or Docker schema 2.
 *
 * @param config the descriptor of the configuration
 * @param layers the layers, lowest first
 * @param annotations the annotations
 */
public record OciManifest(
    Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
  /** Copies the parts. */
  public OciManifest {
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }

  /** Reads a manifest; {@code where} names it in errors. */
  public static OciManifest parse(byte[] bytes, String where) {
    JsonNode node = OciJson.parse(bytes, where);
    if (!node.path("config").isObject()) {
      throw OciJson.unsupported(where + " has no config, so it is no image manifest", null);
    }
    List<Descriptor> layers = OciJson.readDescriptors(node.path("layers"), where);
    layers.forEach(layer -> checkBlob(layer, where));
    return new OciManifest(
        OciJson.readDescriptor(node.path("config"), where),
        layers,
        OciJson.readMap(node.path("annotations")));
  }

  /** Whoever reads a layer that holds a blob takes its digest from here. */
  private static void checkBlob(Descriptor layer, String where) {
    String blob = layer.annotations().get(Annotations.BLOB);
    try {
      if (blob != null) {
        Digest.parse(blob);
      }
    } catch (IllegalArgumentException e) {
      throw OciJson.unsupported(
          where + ": layer " + layer.digest() + ": " + Annotations.BLOB + ": " + e.getMessage(), e);
    }
  }

  /** How many bytes configuration and layers have. */
  public long size() {
    return config.size() + layers.stream().mapToLong(Descriptor::size).sum();
  }

  byte[] toJson(MediaType type) {
    ObjectNode node = OciJson.MAPPER.createObjectNode();
    node.put("schemaVersion", 2);
    node.put("mediaType", type.value());
    node.set("config", OciJson.write(config));
    layers.forEach(layer -> node.withArray("layers").add(OciJson.write(layer)));
    if (layers.isEmpty()) {
      node.putArray("layers");
    }
    if (!annotations.isEmpty()) {
      node.set("annotations", OciJson.write(annotations));
    }
    return OciJson.bytes(node);
  }
}
