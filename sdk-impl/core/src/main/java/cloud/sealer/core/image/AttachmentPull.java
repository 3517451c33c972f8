package cloud.sealer.core.image;

import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Brings what is attached to an image from its registry into the store. */
final class AttachmentPull {
  private static final int MAX = 256;

  private final RegistryAttachments registry;
  private final BlobDownload download;
  private final Attachments attachments;

  AttachmentPull(LayerStore store, RegistryClient client, BlobDownload download) {
    this.registry = new RegistryAttachments(client);
    this.download = download;
    this.attachments = new Attachments(store);
  }

  /**
   * Brings what is attached to some manifests, and to that, and so on. A registry that will not
   * tell is noted; whoever needs a signature misses it then.
   */
  void pull(Reference image, Collection<Digest> subjects, LayerStore.Session session, Task task) {
    Deque<Digest> left = new ArrayDeque<>(subjects);
    Set<Digest> asked = new HashSet<>();
    try {
      while (!left.isEmpty() && asked.size() < MAX) {
        Digest subject = left.removeFirst();
        if (asked.add(subject)) {
          for (RegistryAttachments.Found found : registry.of(image, subject, task)) {
            left.add(keep(image, found, session, task));
          }
        }
      }
    } catch (SealerException e) {
      if (!RegistryAttachments.isExcused(e)) {
        throw e;
      }
      task.notice(
          "signatures and the like of " + image + " could not be asked for: " + e.getMessage());
    }
  }

  private Digest keep(
      Reference image, RegistryAttachments.Found found, LayerStore.Session session, Task task) {
    ArtifactManifest content = found.content();
    for (Descriptor layer : content.layers()) {
      download.toStore(new BlobDownload.Wanted(image, layer), session, task);
    }
    download.toStore(new BlobDownload.Wanted(image, content.config()), session, task);
    Documents.write(session, found.bytes(), found.attachment().manifest().digest());
    attachments.load(session, found.attachment()); // what was signed here and not pushed stays
    return found.attachment().manifest().digest();
  }
}
