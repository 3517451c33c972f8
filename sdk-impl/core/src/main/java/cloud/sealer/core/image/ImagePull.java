package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings a cluster image from its registry into the store. */
public final class ImagePull {
  private final LayerStore store;
  private final RegistryClient client;
  private final BlobDownload download;
  private final Transfers transfers;

  /** Pulls with a client into a store. */
  public ImagePull(
      LayerStore store, RegistryClient client, BlobDownload download, Transfers transfers) {
    this.store = store;
    this.client = client;
    this.download = download;
    this.transfers = transfers;
  }

  /**
   * Pulls an image, without naming it.
   *
   * @param reference its name at the registry
   * @param platform the only platform to take; null for all there are, with what is attached to
   *     them
   * @param session protects what was pulled until it is named
   * @param parent where the task of the pull hangs
   * @return its index, or its manifest if only one platform was taken
   */
  public Descriptor pull(
      Reference reference,
      @Nullable Platform platform,
      LayerStore.Session session,
      TaskStarter parent) {
    try (Task task = parent.start(Event.TaskKind.PULL, reference.toString(), -1)) {
      Descriptor image = Healing.run(task, () -> pull(reference, platform, session, task));
      if (platform == null) {
        new AttachmentPull(store, client, download, transfers)
            .pull(reference, new Attachments(store).subjects(image), session, task);
      }
      task.done(image.digest().toString());
      return image;
    }
  }

  private Descriptor pull(
      Reference reference, @Nullable Platform platform, LayerStore.Session session, Task task) {
    RegistryClient.Manifest root = client.manifest(reference, task);
    Descriptor image = root.descriptor();
    keep(root, session);
    if (platform != null && image.mediaType().isIndex()) {
      PlatformSearch.Source source = new Documented(reference, session, task);
      image =
          PlatformSearch.find(reference, root, platform, source)
              .descriptor()
              .withPlatform(platform);
    } else {
      new ImageReader(store).tree(image, entry -> keep(reference, entry, session, task));
    }
    Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    for (Descriptor blob : content(image)) {
      blobs.putIfAbsent(blob.digest(), blob);
    }
    session.ensureSpace(lacking(blobs.values()));
    transfers.each(
        "pulling " + reference,
        blobs.values(),
        blob -> download.toStore(new BlobDownload.Wanted(reference, blob), session, task));
    return image;
  }

  private Map<String, Long> lacking(Collection<Descriptor> blobs) {
    Map<String, Long> lacking = new TreeMap<>();
    for (Descriptor blob : blobs) {
      if (store.size(blob.digest()).orElse(-1) != blob.size()) {
        lacking.put(BlobDownload.key(blob.digest()), blob.size());
      }
    }
    return lacking;
  }

  private List<Descriptor> content(Descriptor image) {
    ImageReader reader = new ImageReader(store);
    List<Descriptor> blobs = new ArrayList<>();
    for (Descriptor manifest : reader.manifests(image)) {
      OciManifest content = reader.manifest(manifest);
      blobs.add(content.config());
      blobs.addAll(content.layers());
    }
    return blobs;
  }

  private void keep(
      Reference reference, Descriptor manifest, LayerStore.Session session, Task task) {
    if (session.claim(manifest.digest()).isEmpty()) {
      keep(client.manifest(reference.withDigest(manifest.digest()), task), session);
    }
  }

  /** Keeps in the store what a search looks at. */
  private final class Documented implements PlatformSearch.Source {
    private final Reference reference;
    private final LayerStore.Session session;
    private final Task task;

    Documented(Reference reference, LayerStore.Session session, Task task) {
      this.reference = reference;
      this.session = session;
      this.task = task;
    }

    @Override
    public RegistryClient.Manifest document(Descriptor entry) {
      keep(reference, entry, session, task);
      return new RegistryClient.Manifest(entry, Documents.read(store, entry));
    }

    @Override
    public byte[] config(Descriptor config) {
      Documents.checkSize(config);
      download.toStore(new BlobDownload.Wanted(reference, config), session, task);
      return Documents.read(store, config);
    }
  }

  private static void keep(RegistryClient.Manifest manifest, LayerStore.Session session) {
    if (!manifest.descriptor().mediaType().isIndex()
        && !manifest.descriptor().mediaType().isManifest()) {
      throw OciJson.unsupported(
          manifest.descriptor().digest() + " is a " + manifest.descriptor().mediaType(), null);
    }
    Documents.write(session, manifest.bytes(), manifest.descriptor().digest());
  }
}
