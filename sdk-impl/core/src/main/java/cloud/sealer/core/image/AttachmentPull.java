package cloud.sealer.core.image;

import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import com.google.common.collect.Iterables;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Brings what is attached to an image from its registry into the store. */
final class AttachmentPull {
  private static final int MAX = 256;

  private final RegistryAttachments registry;
  private final BlobDownload download;
  private final Transfers transfers;
  private final Attachments attachments;

  AttachmentPull(
      LayerStore store, RegistryClient client, BlobDownload download, Transfers transfers) {
    this.registry = new RegistryAttachments(client);
    this.download = download;
    this.transfers = transfers;
    this.attachments = new Attachments(store);
  }

  /**
   * Brings what is attached to some manifests, and to that, and so on. A registry that will not
   * tell is noted; whoever needs a signature misses it then.
   */
  void pull(Reference image, Collection<Digest> subjects, LayerStore.Session session, Task task) {
    Set<Digest> asked = new LinkedHashSet<>();
    Set<Digest> next = new LinkedHashSet<>(subjects);
    try {
      while (!next.isEmpty() && asked.size() < MAX) {
        asked.addAll(next);
        List<List<RegistryAttachments.Found>> found =
            transfers.map(
                "asking for signatures of " + image,
                next,
                subject -> registry.of(image, subject, task));
        next = new LinkedHashSet<>();
        for (RegistryAttachments.Found one : Iterables.concat(found)) {
          next.add(keep(image, one, session, task));
        }
        next.removeAll(asked);
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
