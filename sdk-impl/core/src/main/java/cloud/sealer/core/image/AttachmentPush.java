package cloud.sealer.core.image;

import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sends what is attached to an image. What a registry has of others stays: signatures under one tag
 * are put together, and where there is no referrers API, the index that stands in for it gets one
 * more entry.
 */
final class AttachmentPush {
  private final LayerStore store;
  private final RegistryClient client;
  private final Attachments attachments;

  AttachmentPush(LayerStore store, RegistryClient client) {
    this.store = store;
    this.client = client;
    this.attachments = new Attachments(store);
  }

  /** Sends all that is attached to an image, whose own blobs may not be there yet. */
  void push(Reference image, List<Attachment> all, Task parent) {
    for (Attachment attachment : all) {
      ArtifactManifest content = attachments.read(attachment);
      String name = attachment.artifactType(content) + " of " + attachment.subject();
      try (Task task = parent.start(Event.TaskKind.IMAGE, name, -1)) {
        List<Descriptor> blobs = new ArrayList<>(content.layers());
        blobs.add(content.config());
        blobs.forEach(blob -> send(image, blob, task));
        if (attachment.kind().isEmpty()) {
          refer(image, attachment, content, task);
        } else {
          tag(image, attachment, content, task);
        }
        task.done(attachment.manifest().digest().toString());
      }
    }
  }

  private void send(Reference image, Descriptor blob, Task parent) {
    try (Task task = parent.start(Event.TaskKind.BLOB, blob.digest().toString(), blob.size())) {
      if (client.hasBlob(image, blob.digest(), task)) {
        task.cached("");
      } else {
        client.putBlob(image, blob, () -> VerifiedBlob.open(store, blob), task);
        task.done("");
      }
    }
  }

  private void tag(Reference image, Attachment attachment, ArtifactManifest content, Task task) {
    Reference tag = image.withTag(Attachment.tag(attachment.subject(), attachment.kind()));
    Optional<Descriptor> present = client.head(tag, task);
    if (present.isEmpty()) {
      put(tag, Documents.read(store, attachment.manifest()), task);
    } else if (!present.get().digest().equals(attachment.manifest().digest())) {
      String where = "artifact " + tag;
      List<Descriptor> theirs =
          ArtifactManifest.parse(client.manifest(tag, task).bytes(), where).layers();
      CosignManifest both = CosignManifest.of(theirs).with(content.layers());
      if (both.layers().equals(theirs)) {
        return;
      }
      byte[] config = both.config();
      Digest digest = Digest.sha256(Hashing.sha256().hashBytes(config).toString());
      Descriptor blob = new Descriptor(MediaType.OCI_CONFIG, digest, config.length);
      client.putBlob(image, blob, () -> new ByteArrayInputStream(config), task);
      put(tag, both.toJson(), task);
    }
  }

  private void put(Reference reference, byte[] manifest, Task task) {
    client.putManifest(reference, MediaType.OCI_MANIFEST, manifest, task);
  }

  private void refer(Reference image, Attachment attachment, ArtifactManifest content, Task task) {
    Reference self = image.withDigest(attachment.manifest().digest());
    if (client.head(self, task).isEmpty()) {
      put(self, Documents.read(store, attachment.manifest()), task);
    }
    if (client.referrers(image.withDigest(attachment.subject()), task).isEmpty()) {
      list(image.withTag(Attachment.fallbackTag(attachment.subject())), attachment, content, task);
    }
  }

  /** Adds a referrer to the index that stands in for the referrers API. */
  private void list(Reference tag, Attachment attachment, ArtifactManifest content, Task task) {
    ObjectNode index = OciJson.MAPPER.createObjectNode();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaType.OCI_INDEX.value());
    ArrayNode manifests = index.putArray("manifests");
    if (client.head(tag, task).isPresent()) {
      JsonNode present =
          OciJson.parse(client.manifest(tag, task).bytes(), "index " + tag).path("manifests");
      present.forEach(manifests::add);
    }
    String digest = attachment.manifest().digest().toString();
    for (JsonNode entry : manifests) {
      if (entry.path("digest").asText().equals(digest)) {
        return;
      }
    }
    manifests.add(RegistryAttachments.entry(attachment, content));
    client.putManifest(tag, MediaType.OCI_INDEX, OciJson.bytes(index), task);
  }
}
