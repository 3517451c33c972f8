package cloud.sealer.core.collection;

import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.PlatformSearch;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Follows a name to the manifests of some platforms. Documents that were fetched before come from
 * the store; a tag is still asked for, since it may have moved.
 */
final class ImageResolver {
  private static final String TAG_SEEN = "tag";

  private final LayerStore store;
  private final LayerStore.Session session;
  private final RegistryClient client;
  private final BlobDownload download;

  ImageResolver(
      LayerStore store, LayerStore.Session session, RegistryClient client, BlobDownload download) {
    this.store = store;
    this.session = session;
    this.client = client;
    this.download = download;
  }

  /** Follows a name to what it has for each of the platforms. */
  ResolvedImage resolve(Reference reference, Collection<Platform> platforms, Task task) {
    RegistryClient.Manifest root = root(reference, task);
    Map<Platform, PlatformSearch.Found> contents = new LinkedHashMap<>();
    Map<Platform, SealerException> missing = new LinkedHashMap<>();
    PlatformSearch.Source source = new Fetched(reference, task);
    for (Platform platform : platforms) {
      try {
        contents.put(platform, PlatformSearch.find(reference, root, platform, source));
      } catch (SealerException e) {
        if (e.code() != ErrorCode.PLATFORM_NOT_FOUND) {
          throw e;
        }
        missing.put(platform, e);
      }
    }
    return new ResolvedImage(reference, root, contents, missing);
  }

  /** Gets from the store what was fetched before. */
  private final class Fetched implements PlatformSearch.Source {
    private final Reference reference;
    private final Task task;

    Fetched(Reference reference, Task task) {
      this.reference = reference;
      this.task = task;
    }

    @Override
    public RegistryClient.Manifest document(Descriptor entry) {
      return fetch(reference, entry, task);
    }

    @Override
    public byte[] config(Descriptor config) {
      Documents.checkSize(config);
      download.toStore(new BlobDownload.Wanted(reference, config), session, task);
      return Documents.read(store, config);
    }
  }

  private RegistryClient.Manifest root(Reference reference, Task task) {
    if (reference.digest().isEmpty() && store.recall(TAG_SEEN, reference.toString()).isPresent()) {
      Descriptor head = client.head(reference, task).orElse(null);
      if (head != null && session.claim(head.digest()).isPresent()) {
        return new RegistryClient.Manifest(head, Documents.read(store, head));
      }
    }
    if (reference.digest().isPresent()) {
      String type = store.recall(TAG_SEEN, reference.digest().get().toString()).orElse("");
      long size = session.claim(reference.digest().get()).orElse(-1);
      if (!type.isEmpty() && size >= 0) {
        Descriptor known = new Descriptor(new MediaType(type), reference.digest().get(), size);
        return new RegistryClient.Manifest(known, Documents.read(store, known));
      }
    }
    RegistryClient.Manifest manifest = keep(client.manifest(reference, task));
    store.remember(TAG_SEEN, reference.toString(), manifest.descriptor().digest().toString());
    store.remember(
        TAG_SEEN,
        manifest.descriptor().digest().toString(),
        manifest.descriptor().mediaType().value());
    return manifest;
  }

  private RegistryClient.Manifest fetch(Reference reference, Descriptor wanted, Task task) {
    if (session.claim(wanted.digest()).isPresent()) {
      return new RegistryClient.Manifest(wanted, Documents.read(store, wanted));
    }
    return keep(client.manifest(reference.withDigest(wanted.digest()), task));
  }

  private RegistryClient.Manifest keep(RegistryClient.Manifest manifest) {
    Documents.write(session, manifest.bytes(), manifest.descriptor().digest());
    return manifest;
  }
}
