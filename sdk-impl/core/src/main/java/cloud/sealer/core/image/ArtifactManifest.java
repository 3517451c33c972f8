package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A manifest of something other than an image, as the <a
 * href="https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md#guidelines-for-artifact-usage">OCI
 * image specification</a> has it.
 *
 * @param artifactType what it is; empty if the manifest does not say
 * @param config the descriptor of the configuration
 * @param layers the content
 * @param subject what it is attached to; null for nothing
 * @param annotations the annotations
 */
public record ArtifactManifest(
    String artifactType,
    Descriptor config,
    List<Descriptor> layers,
    @Nullable Descriptor subject,
    Map<String, String> annotations) {
  /** The configuration of what needs none. */
  public static final byte[] EMPTY_CONFIG = "{}".getBytes(StandardCharsets.US_ASCII);

  /** The descriptor of {@link #EMPTY_CONFIG}. */
  public static final Descriptor EMPTY =
      new Descriptor(
          new MediaType("application/vnd.oci.empty.v1+json"),
          Digest.sha256("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
          EMPTY_CONFIG.length);

  /** Copies the parts. */
  public ArtifactManifest {
    layers = List.copyOf(layers);
    annotations = Map.copyOf(annotations);
  }

  /** Reads a manifest; {@code where} names it in errors. */
  public static ArtifactManifest parse(byte[] bytes, String where) {
    OciManifest manifest = OciManifest.parse(bytes, where);
    JsonNode node = OciJson.parse(bytes, where);
    String type = node.path("artifactType").asText();
    return new ArtifactManifest(
        type.isEmpty() ? manifest.config().mediaType().value() : type,
        manifest.config(),
        manifest.layers(),
        node.path("subject").isObject()
            ? OciJson.readDescriptor(node.path("subject"), where)
            : null,
        manifest.annotations());
  }

  /** What it is attached to. */
  public Optional<Digest> attachedTo() {
    return Optional.ofNullable(subject).map(Descriptor::digest);
  }

  /** The bytes of the manifest. */
  public byte[] toJson() {
    ObjectNode node = OciJson.MAPPER.createObjectNode();
    node.put("schemaVersion", 2);
    node.put("mediaType", MediaType.OCI_MANIFEST.value());
    if (!artifactType.isEmpty()) {
      node.put("artifactType", artifactType);
    }
    node.set("config", OciJson.write(config));
    node.putArray("layers");
    layers.forEach(layer -> node.withArray("layers").add(OciJson.write(layer)));
    if (subject != null) {
      node.set("subject", OciJson.write(subject));
    }
    if (!annotations.isEmpty()) {
      node.set("annotations", OciJson.write(annotations));
    }
    return OciJson.bytes(node);
  }
}
