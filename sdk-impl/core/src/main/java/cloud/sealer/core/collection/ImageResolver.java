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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows a name to the manifest of one platform. Documents that were fetched before come from the
 * store; a tag is still asked for, since it may have moved.
 */
final class ImageResolver {
  private static final String TAG_SEEN = "tag";
  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final int MAX_DEPTH = 4;
  private static final int MAX_FETCHED = 64;

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
    if (!root.descriptor().mediaType().isIndex()) {
      Candidate image = candidate(reference, root, task);
      Platform actual = image.platform();
      // Some say nothing and are taken.
      if (actual != null && !actual.equals(platform)) {
        throw PlatformChoice.missing(reference, platform, List.of(actual));
      }
      return resolved(reference, root, List.of(root), image);
    }
    Search search = new Search(reference, task);
    Optional<Candidate> image = search.in(root);
    if (image.isEmpty()) {
      throw PlatformChoice.missing(reference, platform, search.others);
    }
    List<RegistryClient.Manifest> path = new ArrayList<>(search.path);
    return resolved(reference, root, path, image.get());
  }

  private static ResolvedImage resolved(
      Reference reference,
      RegistryClient.Manifest root,
      List<RegistryClient.Manifest> path,
      Candidate image) {
    Map<Digest, byte[]> documents = new LinkedHashMap<>();
    path.forEach(document -> documents.put(document.descriptor().digest(), document.bytes()));
    Digest digest = path.get(path.size() - 1).descriptor().digest();
    return new ResolvedImage(
        reference, root.descriptor(), image.manifest(), digest, documents, image.config());
  }

  /**
   * A manifest that may be the one.
   *
   * @param manifest its content
   * @param config the bytes of its configuration
   * @param platform what the configuration says; null if it says nothing
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Candidate(OciManifest manifest, byte[] config, @Nullable Platform platform) {}

  private Candidate candidate(Reference reference, RegistryClient.Manifest document, Task task) {
    Digest digest = document.descriptor().digest();
    OciManifest manifest =
        OciManifest.parse(document.bytes(), "manifest " + digest + " of image " + reference);
    byte[] config = config(reference, manifest.config(), task);
    String where = "configuration " + manifest.config().digest() + " of " + reference;
    return new Candidate(manifest, config, OciConfig.parse(config, where).platform());
  }

  /**
   * Looks through an index and those it lists. An entry that names its platform is believed; what
   * an entry without platform is for is said by its configuration.
   */
  private final class Search {
    private final Reference reference;
    private final Task task;
    private final List<Platform> others = new ArrayList<>();
    private final Deque<RegistryClient.Manifest> path = new ArrayDeque<>();
    private int fetched;

    Search(Reference reference, Task task) {
      this.reference = reference;
      this.task = task;
    }

    /** The image for the platform; the documents that lead to it are the path then. */
    Optional<Candidate> in(RegistryClient.Manifest index) {
      if (path.size() == MAX_DEPTH) {
        throw unsupported("nests indexes more than " + MAX_DEPTH + " deep");
      }
      path.addLast(index);
      String where = "index " + index.descriptor().digest() + " of " + reference;
      List<Descriptor> entries = OciIndex.parse(index.bytes(), where).manifests();
      for (Descriptor entry : entries) {
        if (platform.equals(entry.platform())) {
          Optional<Candidate> found = at(entry);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      for (Descriptor entry : entries) {
        Platform named = entry.platform();
        if (named != null) {
          others.add(named);
        } else if (entry.mediaType().isIndex() || entry.mediaType().isManifest()) {
          Optional<Candidate> found = at(entry);
          if (found.isPresent()) {
            return found;
          }
        }
      }
      path.removeLast();
      return Optional.empty();
    }

    private Optional<Candidate> at(Descriptor entry) {
      if (++fetched > MAX_FETCHED) {
        throw unsupported("lists more than " + MAX_FETCHED + " images without their platforms");
      }
      RegistryClient.Manifest document = fetch(reference, entry, task);
      if (document.descriptor().mediaType().isIndex()) {
        return in(document);
      }
      if (entry.platform() == null && !isImage(document)) {
        return Optional.empty();
      }
      Candidate image = candidate(reference, document, task);
      Platform actual = entry.platform() == null ? image.platform() : entry.platform();
      if (!platform.equals(actual)) {
        Optional.ofNullable(actual).ifPresent(others::add);
        return Optional.empty();
      }
      path.addLast(document);
      return Optional.of(image);
    }

    /** An index may also list charts, signatures and the like. */
    private boolean isImage(RegistryClient.Manifest document) {
      String where = "manifest " + document.descriptor().digest() + " of image " + reference;
      String type = OciManifest.parse(document.bytes(), where).config().mediaType().value();
      return type.equals(MediaType.OCI_CONFIG.value()) || type.equals(DOCKER_CONFIG);
    }

    private SealerException unsupported(String reason) {
      return SealerException.builder(
              ErrorCode.IMAGE_UNSUPPORTED, "image " + reference + " " + reason)
          .remedy("push the image again with an index that names the platform of each image")
          .build();
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

  private byte[] config(Reference reference, Descriptor config, Task task) {
    Documents.checkSize(config);
    download.toStore(new BlobDownload.Wanted(reference, config), session, task);
    return Documents.read(store, config);
  }
}
