package cloud.sealer.core.collection;

import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.OciConfig;
import cloud.sealer.core.image.OciIndex;
import cloud.sealer.core.image.OciManifest;
import cloud.sealer.core.image.PlatformChoice;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows a name to the manifest of one platform. Documents that were fetched before come from the
 * store; a tag is still asked for, since it may have moved.
 */
final class ImageResolver {
  private static final String TAG_SEEN = "tag";
  private static final int MAX_DEPTH = 4;

  private final LayerStore store;
  private final LayerStore.Session session;
  private final RegistryClient client;
  private final BlobDownload download;
  private final Platform platform;

  ImageResolver(
      LayerStore store,
      LayerStore.Session session,
      RegistryClient client,
      BlobDownload download,
      Platform platform) {
    this.store = store;
    this.session = session;
    this.client = client;
    this.download = download;
    this.platform = platform;
  }

  ResolvedImage resolve(Reference reference, Task task) {
    RegistryClient.Manifest root = root(reference, task);
    Map<Digest, byte[]> documents = new LinkedHashMap<>();
    RegistryClient.Manifest current = root;
    documents.put(root.descriptor().digest(), root.bytes());
    for (int depth = 0; current.descriptor().mediaType().isIndex(); depth++) {
      if (depth == MAX_DEPTH) {
        throw SealerException.builder(
                ErrorCode.IMAGE_UNSUPPORTED,
                "image " + reference + " nests indexes more than " + MAX_DEPTH + " deep")
            .build();
      }
      current = fetch(reference, choose(reference, current), task);
      documents.put(current.descriptor().digest(), current.bytes());
    }
    Digest digest = current.descriptor().digest();
    OciManifest manifest =
        OciManifest.parse(current.bytes(), "manifest " + digest + " of image " + reference);
    byte[] config = config(reference, manifest.config(), task);
    checkPlatform(reference, root, manifest, config);
    return new ResolvedImage(reference, root.descriptor(), manifest, digest, documents, config);
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

  private Descriptor choose(Reference reference, RegistryClient.Manifest index) {
    String where = "index " + index.descriptor().digest() + " of " + reference;
    return PlatformChoice.choose(
        reference,
        platform,
        OciIndex.parse(index.bytes(), where).manifests(),
        Descriptor::platform);
  }

  /**
   * An image without index says its platform in its configuration; some say nothing and are taken.
   */
  private void checkPlatform(
      Reference reference, RegistryClient.Manifest root, OciManifest manifest, byte[] config) {
    if (!root.descriptor().mediaType().isIndex()) {
      Platform actual =
          OciConfig.parse(
                  config, "configuration " + manifest.config().digest() + " of " + reference)
              .platform();
      if (actual != null && !actual.equals(platform)) {
        throw PlatformChoice.missing(reference, platform, List.of(actual));
      }
    }
  }

  private byte[] config(Reference reference, Descriptor config, Task task) {
    Documents.checkSize(config);
    download.toStore(new BlobDownload.Wanted(reference, config), session, task);
    return Documents.read(store, config);
  }
}
