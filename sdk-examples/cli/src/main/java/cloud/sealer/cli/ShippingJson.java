package cloud.sealer.cli;

import cloud.sealer.sdk.ImageDiff;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.ReferenceProof;
import cloud.sealer.sdk.Relocation;
import cloud.sealer.sdk.StoreUsage;
import cloud.sealer.sdk.VerifyReport;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** The JSON of commands that move, prove and compare images. */
final class ShippingJson {
  private ShippingJson() {}

  static ObjectNode verified(VerifyReport report) {
    ObjectNode node = Json.object();
    node.put("ok", report.ok());
    node.put("blobs", report.blobs());
    node.put("bytes", report.bytes());
    ArrayNode references = node.putArray("references");
    for (ReferenceProof proof : report.references()) {
      ObjectNode entry = references.addObject();
      entry.put("image", proof.image());
      entry.put("platform", proof.platform().toString());
      entry.put("outcome", proof.outcome().name().toLowerCase(Locale.ROOT));
      proof.digest().ifPresent(digest -> entry.put("digest", digest.toString()));
      if (!proof.reason().isEmpty()) {
        entry.put("reason", proof.reason());
      }
      entry.set("origins", Json.origins(proof.origins()));
    }
    texts(node.putArray("healed"), report.healed());
    texts(node.putArray("problems"), report.problems());
    return node;
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  static ObjectNode diff(ImageDiff diff) {
    ObjectNode node = Json.object();
    node.put("same", diff.same());
    node.put("from", diff.from().digest().toString());
    node.put("to", diff.to().digest().toString());
    node.put("addedBytes", diff.addedBytes());
    node.put("removedBytes", diff.removedBytes());
    node.put("sharedBytes", diff.sharedBytes());
    ArrayNode platforms = node.putArray("platforms");
    for (ImageDiff.PlatformDiff platform : diff.platforms()) {
      ObjectNode entry = platforms.addObject();
      entry.put("platform", platform.platform().toString());
      entry.set("containerImages", changes(platform.containerImages()));
      entry.set("charts", changes(platform.charts()));
      entry.set("manifests", changes(platform.manifests()));
      entry.set("files", changes(platform.files()));
      entry.set("commands", changes(platform.commands()));
      entry.set("settings", changes(platform.settings()));
    }
    return node;
  }

  private static ArrayNode changes(List<ImageDiff.Change> changes) {
    ArrayNode array = Json.array();
    for (ImageDiff.Change change : changes) {
      ObjectNode entry = array.addObject();
      entry.put("name", change.name());
      entry.put("change", change.kind().name().toLowerCase(Locale.ROOT));
      change.before().ifPresent(before -> entry.put("before", before));
      change.after().ifPresent(after -> entry.put("after", after));
    }
    return array;
  }

  static ObjectNode pruned(PruneResult result) {
    ObjectNode node = Json.object();
    node.put("blobs", result.blobs());
    node.put("blobBytes", result.blobBytes());
    node.put("partials", result.partials());
    node.put("partialBytes", result.partialBytes());
    node.put("sessions", result.sessions());
    node.put("sessionBytes", result.sessionBytes());
    node.put("bytes", result.bytes());
    return node;
  }

  static ObjectNode usage(StoreUsage usage) {
    ObjectNode node = Json.object();
    node.put("bytes", usage.bytes());
    node.set("reclaimable", pruned(usage.reclaimable()));
    ArrayNode images = node.putArray("images");
    for (StoreUsage.ImageUsage image : usage.images()) {
      ObjectNode entry = images.addObject();
      entry.put("name", image.reference().toString());
      entry.put("digest", image.digest().toString());
      entry.put("own", image.own());
      entry.put("shared", image.shared());
    }
    return node;
  }

  static ArrayNode relocated(List<Relocation> relocations) {
    ArrayNode array = Json.array();
    for (Relocation relocation : relocations) {
      ObjectNode entry = array.addObject();
      entry.put("from", relocation.from().toString());
      entry.put("to", relocation.to().toString());
      entry.put("digest", relocation.digest().toString());
      entry.put("originalDigest", relocation.original().toString());
      entry.put("sentBytes", relocation.sentBytes());
    }
    return array;
  }
}
