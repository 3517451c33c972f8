package cloud.sealer.core.collection;

import cloud.sealer.core.image.Annotations;
import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Brings every container image of a discovery report into layers of the cluster image. */
public final class Collector {
  private final LayerStore store;
  private final RegistryClient client;
  private final RegistryOptions options;
  private final Transfers transfers;

  /** A collector that fetches with a client into a store. */
  public Collector(
      LayerStore store, RegistryClient client, RegistryOptions options, Transfers transfers) {
    this.store = store;
    this.client = client;
    this.options = options;
    this.transfers = transfers;
  }

  /**
   * What to collect, and for what.
   *
   * @param found the images
   * @param credentials who to be to get an image, where that is not as everywhere
   * @param platform the platform to take of each
   * @param present what the base image has already
   * @param presentBlobs the blobs that the base image has already
   * @param lock what tags must mean, if that is given
   * @param compression how to compress the layer of links and documents
   * @param epoch the time its files carry, in seconds since 1970
   */
  public record Request(
      List<DiscoveryReport.Found> found,
      Function<Reference, Optional<Credentials>> credentials,
      Platform platform,
      List<ContainerImage> present,
      Set<Digest> presentBlobs,
      Optional<ImageLock> lock,
      Compression compression,
      long epoch) {}

  /**
   * What came of it.
   *
   * @param layers the new layers, lowest first
   * @param images the images, in the order of the request
   * @param downloadedBytes how many bytes of blobs came over the network
   */
  public record Result(
      List<WrittenLayer> layers, List<ContainerImage> images, long downloadedBytes) {}

  /** Collects the images; {@code task} is the parent of the tasks that report it. */
  public Result collect(Request request, LayerStore.Session session, Task parent) {
    if (request.found().isEmpty()) {
      return new Result(List.of(), List.of(), 0);
    }
    String name = request.found().size() + " container images for " + request.platform();
    try (Task task = parent.start(Event.TaskKind.COLLECTION, name, -1)) {
      Function<Reference, RegistryClient> clients = clients(request);
      List<ResolvedImage> images = resolve(request, clients, session, task);
      request.lock().ifPresent(lock -> LockCheck.images(lock, images));
      checkCollisions(images, request.present());
      Map<Digest, WrittenLayer> blobs = new TreeMap<>();
      long downloaded = download(images, request.presentBlobs(), clients, session, task, blobs);
      List<WrittenLayer> layers = new ArrayList<>(blobs.values());
      layers.add(documents(images, request, session, task));
      task.done(downloaded + " bytes downloaded");
      return new Result(layers, describe(images, request), downloaded);
    }
  }

  /** The client for each image: one for each of the credentials. */
  private Function<Reference, RegistryClient> clients(Request request) {
    Map<Credentials, RegistryClient> special = new ConcurrentHashMap<>();
    return image ->
        request
            .credentials()
            .apply(image)
            .map(who -> special.computeIfAbsent(who, unused -> as(who, image.registry())))
            .orElse(client);
  }

  private RegistryClient as(Credentials who, String registry) {
    return client.withCredentials(
        asked -> asked.equals(registry) ? Optional.of(who) : Optional.empty());
  }

  private List<ResolvedImage> resolve(
      Request request,
      Function<Reference, RegistryClient> clients,
      LayerStore.Session session,
      Task parent) {
    return transfers.map(
        "resolving container images",
        request.found(),
        found -> {
          try (Task task = parent.start(Event.TaskKind.IMAGE, found.image().toString(), -1)) {
            RegistryClient own = clients.apply(found.image());
            ResolvedImage image =
                new ImageResolver(
                        store, session, own, new BlobDownload(own, options), request.platform())
                    .resolve(found.image(), task);
            task.done(image.root().digest().toString());
            return image;
          } catch (SealerException e) {
            throw withOrigin(e, found);
          }
        });
  }

  /** An image that cannot be had should say where it is asked for. */
  private static SealerException withOrigin(SealerException e, DiscoveryReport.Found found) {
    if (e.code() == ErrorCode.CANCELLED || found.origins().isEmpty()) {
      return e;
    }
    ImageOrigin origin = found.origins().get(0);
    SealerException.Builder more =
        SealerException.builder(e.code(), e.getMessage() + " (named in " + origin + ")")
            .cause(e)
            .retryable(e.retryable())
            .attempts(e.attempts())
            .remedy(e.remedy());
    e.details().forEach(more::detail);
    return more.build();
  }

  /**
   * Refuses two registries that want one name with different contents. Within one registry a tag
   * may stand beside several digests; each digest is served then, and the tag as the registry has
   * it.
   */
  private static void checkCollisions(List<ResolvedImage> images, List<ContainerImage> present) {
    record Holder(Reference reference, Digest digest) {}

    Map<String, Holder> holders = new HashMap<>();
    for (ContainerImage image : present) {
      image
          .reference()
          .tag()
          .ifPresent(
              tag ->
                  holders.put(
                      image.reference().repository() + ":" + tag,
                      new Holder(image.reference(), image.digest())));
    }
    for (ResolvedImage image : images) {
      String tag = image.reference().tag().orElse(null);
      if (tag == null) {
        continue;
      }
      String key = image.reference().repository() + ":" + tag;
      Holder holder = new Holder(image.reference(), image.root().digest());
      Holder other = holders.put(key, holder);
      if (other != null
          && !other.digest().equals(holder.digest())
          && !other.reference().registry().equals(holder.reference().registry())) {
        throw SealerException.builder(
                ErrorCode.IMAGE_COLLISION,
                "the cluster's registry can serve only one image as "
                    + key
                    + ", but "
                    + other.reference()
                    + " ("
                    + other.digest()
                    + ") and "
                    + holder.reference()
                    + " ("
                    + holder.digest()
                    + ") differ")
            .remedy("give one of them another tag or repository, or exclude it")
            .build();
      }
    }
  }

  private long download(
      List<ResolvedImage> images,
      Set<Digest> present,
      Function<Reference, RegistryClient> clients,
      LayerStore.Session session,
      Task task,
      Map<Digest, WrittenLayer> layers) {
    Map<Digest, BlobDownload.Wanted> wanted = new LinkedHashMap<>();
    for (ResolvedImage image : images) {
      for (Descriptor layer : image.manifest().layers()) {
        if (!present.contains(layer.digest())) {
          wanted.putIfAbsent(layer.digest(), new BlobDownload.Wanted(image.reference(), layer));
        }
      }
    }
    AtomicLong downloaded = new AtomicLong();
    Collection<BlobDownload.Wanted> blobs = wanted.values();
    List<WrittenLayer> written =
        transfers.map(
            "downloading container images",
            blobs,
            blob ->
                new BlobCollector(
                        store, session, new BlobDownload(clients.apply(blob.repository()), options))
                    .layer(blob, task, downloaded::addAndGet));
    int i = 0;
    for (BlobDownload.Wanted blob : blobs) {
      layers.put(blob.blob().digest(), written.get(i++));
    }
    return downloaded.get();
  }

  private WrittenLayer documents(
      List<ResolvedImage> images, Request request, LayerStore.Session session, Task parent) {
    RegistryTree tree = new RegistryTree();
    for (ResolvedImage image : pinnedFirst(images)) {
      String repository = image.reference().repository();
      image.documents().forEach(tree::addBlob);
      image.documents().keySet().forEach(digest -> tree.addRevision(repository, digest));
      Digest config = image.manifest().config().digest();
      tree.addBlob(config, image.config());
      tree.addLayerLink(repository, config);
      image.manifest().layers().forEach(layer -> tree.addLayerLink(repository, layer.digest()));
      image.reference().tag().ifPresent(tag -> tree.addTag(repository, tag, image.root().digest()));
    }
    try (Task task = parent.start(Event.TaskKind.LAYER, "registry links and manifests", -1)) {
      WrittenLayer layer =
          new LayerWriter(request.compression(), request.epoch())
              .write(tree.entries(), session, task);
      task.done(layer.descriptor().digest().toString());
      return new WrittenLayer(
          layer.descriptor().withAnnotation(Annotations.LAYER, Annotations.LAYER_REGISTRY),
          layer.diffId(),
          layer.uncompressedSize());
    }
  }

  /** Orders images so that a tag of its own wins over one that only stands beside a digest. */
  private static List<ResolvedImage> pinnedFirst(List<ResolvedImage> images) {
    return images.stream()
        .sorted(Comparator.comparing(image -> image.reference().digest().isEmpty()))
        .toList();
  }

  private static List<ContainerImage> describe(List<ResolvedImage> images, Request request) {
    List<ContainerImage> described = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      ResolvedImage image = images.get(i);
      Set<String> files = new HashSet<>();
      request.found().get(i).origins().forEach(origin -> files.add(origin.file().value()));
      described.add(
          new ContainerImage(
              image.reference(),
              image.root().digest(),
              image.manifestDigest(),
              request.platform(),
              image.size(),
              files.stream().filter(file -> !file.isEmpty()).sorted().toList()));
    }
    return described;
  }
}
