package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.store.VerifiedBlob;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends a cluster image to a registry: the blobs it lacks, at once; then the manifests; then the
 * index by tag, so that the tag never points at something incomplete.
 */
final class ImagePush {
  private final LayerStore store;
  private final RegistryClient client;
  private final Transfers transfers;
  private final Reference.Defaults names;

  ImagePush(
      LayerStore store, RegistryClient client, Transfers transfers, Reference.Defaults names) {
    this.store = store;
    this.client = client;
    this.transfers = transfers;
    this.names = names;
  }

  Digest push(Reference reference, Descriptor image, TaskStarter parent) {
    try (Task task = parent.start(Event.TaskKind.PUSH, reference.toString(), -1)) {
      ImageReader reader = new ImageReader(store);
      ImageReader.Tree tree = reader.tree(image);
      List<Descriptor> documents = new ArrayList<>(tree.manifests());
      documents.addAll(tree.indexes());
      Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
      Map<Digest, String> origins = new LinkedHashMap<>();
      for (Descriptor manifest : tree.manifests()) {
        OciManifest content = reader.manifest(manifest);
        blobs.putIfAbsent(content.config().digest(), content.config());
        content.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
        Optional<String> base = baseRepository(reference, content);
        base.ifPresent(repository -> blobs.keySet().forEach(b -> origins.put(b, repository)));
      }
      transfers.each(
          "pushing " + reference,
          blobs.values(),
          blob -> send(reference, blob, origins.get(blob.digest()), task));
      for (Descriptor document : documents) {
        if (!document.digest().equals(image.digest())) {
          put(reference.withDigest(document.digest()), document, task);
        }
      }
      List<Attachment> attached = new Attachments(store).of(image);
      if (!attached.isEmpty()) {
        // Before the tag, which then never points at something unsigned.
        put(reference.withDigest(image.digest()), image, task);
        new AttachmentPush(store, client).push(reference, attached, task);
      }
      put(reference.tag().map(reference::withTag).orElse(reference), image, task);
      task.done(image.digest().toString());
      return image.digest();
    }
  }

  /** The repository of the base image, if the target registry has it: its blobs can be mounted. */
  private Optional<String> baseRepository(Reference target, OciManifest manifest) {
    return Optional.ofNullable(manifest.annotations().get(Annotations.BASE_NAME))
        .flatMap(this::parse)
        .filter(base -> base.registry().equals(target.registry()))
        .map(Reference::repository)
        .filter(repository -> !repository.equals(target.repository()));
  }

  /** Other tools write what they like there. */
  private Optional<Reference> parse(String base) {
    try {
      return Optional.of(Reference.parse(base, names));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void send(Reference reference, Descriptor blob, @Nullable String origin, Task parent) {
    try (Task task = parent.start(Event.TaskKind.BLOB, blob.digest().toString(), blob.size())) {
      if (client.hasBlob(reference, blob.digest(), task)
          || (origin != null && client.mount(reference, blob.digest(), origin, task))) {
        task.cached("");
        return;
      }
      try {
        client.putBlob(reference, blob, () -> VerifiedBlob.open(store, blob), task);
      } catch (SealerException e) {
        if (e.code() == ErrorCode.STORE_CORRUPT && e.details().containsKey("digest")) {
          task.evicted(blob.digest(), String.valueOf(e.getMessage()));
        }
        throw e;
      }
      task.done("");
    }
  }

  private void put(Reference reference, Descriptor document, Task task) {
    client.putManifest(reference, document.mediaType(), Documents.read(store, document), task);
  }
}
