package cloud.sealer.core.collection;

import cloud.sealer.core.image.Attachment;
import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.RegistryAttachments;
import cloud.sealer.core.image.RegistryAttachments.Found;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the signatures of container images, so that the registry of the cluster has them too and
 * policies there can check them: cosign's tag {@code .sig} and what names the image as its subject.
 * Costs two requests for an image that has none. A registry that cannot be asked is noted once and
 * then left alone. Thread-safe.
 */
final class CollectedAttachments {
  private final LayerStore store;
  private final LayerStore.Session session;
  private final RegistryOptions options;
  private final Set<String> silent = ConcurrentHashMap.newKeySet();

  CollectedAttachments(LayerStore store, LayerStore.Session session, RegistryOptions options) {
    this.store = store;
    this.session = session;
    this.options = options;
  }

  /**
   * What is attached to one image, ready for the tree of a registry.
   *
   * @param tags the tags that lead to it
   * @param manifests manifests and indexes, by digest
   * @param blobs what they need, by digest
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Documented(
      Map<String, Digest> tags, Map<Digest, byte[]> manifests, Map<Digest, byte[]> blobs) {
    static Documented nothing() {
      return new Documented(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    boolean isEmpty() {
      return manifests.isEmpty();
    }
  }

  Documented of(ResolvedImage image, RegistryClient client, Task task) {
    Documented documented = Documented.nothing();
    Reference reference = image.reference();
    if (silent.contains(reference.registry())) {
      return documented;
    }
    try {
      Worker worker = new Worker(reference, client, documented, task);
      if (worker.signature(image.digest())) {
        image
            .contents()
            .values()
            .forEach(content -> worker.signature(content.descriptor().digest()));
      }
      worker.referring(image.digest());
      return documented;
    } catch (SealerException e) {
      if (!RegistryAttachments.isExcused(e)) {
        throw e;
      }
      if (silent.add(reference.registry())) {
        task.notice(
            "signatures of the images of "
                + reference.registry()
                + " are left out, as it cannot be asked: "
                + e.getMessage());
      }
      return Documented.nothing();
    }
  }

  /** Works for one image. */
  private final class Worker {
    private final Reference image;
    private final RegistryAttachments registry;
    private final BlobDownload download;
    private final Documented documented;
    private final Task task;

    Worker(Reference image, RegistryClient client, Documented documented, Task task) {
      this.image = image;
      this.registry = new RegistryAttachments(client);
      this.download = new BlobDownload(client, options);
      this.documented = documented;
      this.task = task;
    }

    boolean signature(Digest subject) {
      if (documented.tags().containsKey(Attachment.tag(subject, Attachment.SIGNATURE))) {
        return true;
      }
      Optional<Found> found = registry.tagged(image, subject, Attachment.SIGNATURE, task);
      if (found.isPresent() && add(found.get())) {
        documented
            .tags()
            .put(
                Attachment.tag(subject, Attachment.SIGNATURE),
                found.get().attachment().manifest().digest());
        return true;
      }
      return false;
    }

    void referring(Digest subject) {
      List<Found> kept = new ArrayList<>();
      for (Found found : registry.referring(image, subject, task)) {
        if (add(found)) {
          kept.add(found);
        }
      }
      if (!kept.isEmpty()) {
        // The registry of a cluster has no referrers API.
        byte[] index = RegistryAttachments.index(kept);
        Digest digest = Documents.digest(index, subject);
        documented.manifests().put(digest, index);
        documented.tags().put(Attachment.fallbackTag(subject), digest);
      }
    }

    /** Gets the blobs of an artifact, unless they are large. */
    private boolean add(Found found) {
      List<Descriptor> blobs = new ArrayList<>(found.content().layers());
      blobs.add(found.content().config());
      if (blobs.stream().anyMatch(blob -> blob.size() > Documents.MAX_SIZE)) {
        task.notice(
            found.content().artifactType()
                + " of "
                + image
                + " is left out: it is larger than "
                + Documents.MAX_SIZE
                + " bytes");
        return false;
      }
      Map<Digest, byte[]> read = new LinkedHashMap<>();
      for (Descriptor blob : blobs) {
        download.toStore(new BlobDownload.Wanted(image, blob), session, task);
        read.put(blob.digest(), Documents.read(store, blob));
      }
      documented.blobs().putAll(read);
      documented.manifests().put(found.attachment().manifest().digest(), found.bytes());
      return true;
    }
  }
}
