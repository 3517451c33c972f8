package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The manifest by which cosign keeps several signatures or attestations under one tag: an image
 * whose layers they are. Its configuration follows from the layers alone.
 *
 * @param layers the signatures or attestations
 */
record CosignManifest(List<Descriptor> layers) {
  private static final String TIME = "0001-01-01T00:00:00Z";

  CosignManifest {
    layers = List.copyOf(layers);
  }

  static CosignManifest of(List<Descriptor> layers) {
    return new CosignManifest(layers);
  }

  /** With further layers; one that is there already is not added again. */
  CosignManifest with(List<Descriptor> more) {
    List<Descriptor> all = new ArrayList<>(layers);
    more.stream().filter(layer -> !all.contains(layer)).forEach(all::add);
    return new CosignManifest(all);
  }

  byte[] config() {
    ObjectNode node = OciJson.MAPPER.createObjectNode();
    node.put("architecture", "");
    node.put("created", TIME);
    node.putArray("history");
    node.put("os", "");
    ObjectNode rootfs = node.putObject("rootfs");
    rootfs.put("type", "layers");
    rootfs.putArray("diff_ids");
    for (Descriptor layer : layers) {
      node.withArray("history").addObject().put("created", TIME);
      rootfs.withArray("diff_ids").add(layer.digest().toString());
    }
    node.putObject("config");
    return OciJson.bytes(node);
  }

  byte[] toJson() {
    byte[] config = config();
    Digest digest = Digest.sha256(Hashing.sha256().hashBytes(config).toString());
    return new ArtifactManifest(
            "", new Descriptor(MediaType.OCI_CONFIG, digest, config.length), layers, null, Map.of())
        .toJson();
  }
}
