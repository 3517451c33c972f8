package cloud.sealer.core.collection;

import cloud.sealer.core.image.PlatformSearch;
import cloud.sealer.core.layer.LayerWriter;
import cloud.sealer.core.layer.WrittenLayer;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.BuildResult;
import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.ImageLock;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.PlatformPolicy;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;

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
   * An image to collect.
   *
   * @param found the image, and what names it
   * @param platforms the platforms it is wanted for
   */
  public record Wanted(DiscoveryReport.Found found, Set<Platform> platforms) {
    /** Copies the platforms, sorted. */
    public Wanted {
      platforms = Collections.unmodifiableSet(new TreeSet<>(platforms));
    }
  }

  /**
   * A platform to collect for.
   *
   * @param platform the platform
   * @param present what the base image has already
   * @param presentBlobs the blobs that the base image has already
   */
  public record Target(Platform platform, List<ContainerImage> present, Set<Digest> presentBlobs) {}

  /**
   * What to collect, and for what.
   *
   * @param images the images
   * @param targets the platforms
   * @param credentials who to be to get an image, where that is not as everywhere
   * @param missing what to do about an image that lacks a platform
   * @param lock what tags must mean, if that is given
   * @param compression how to compress the layer of links and documents
   * @param epoch the time its files carry, in seconds since 1970
   * @param signatures whether to collect the signatures of the images too
   */
  public record Request(
      List<Wanted> images,
      List<Target> targets,
      Function<Reference, Optional<Credentials>> credentials,
      PlatformPolicy missing,
      Optional<ImageLock> lock,
      Compression compression,
      long epoch,
      boolean signatures) {}

  /**
   * What came of it.
   *
   * @param layers the new layers for each platform, lowest first
   * @param images the images for each platform, in the order of the request
   * @param missing what was left out
   * @param downloadedBytes how many bytes of blobs came over the network
   */
  public record Result(
      Map<Platform, List<WrittenLayer>> layers,
      Map<Platform, List<ContainerImage>> images,
      List<BuildResult.MissingImage> missing,
      long downloadedBytes) {}

  /** Collects the images; {@code task} is the parent of the tasks that report it. */
  public Result collect(Request request, LayerStore.Session session, Task parent) {
    if (request.images().isEmpty()) {
      return new Result(Map.of(), Map.of(), List.of(), 0);
    }
    String platforms =
        request.targets().stream()
            .map(target -> target.platform().toString())
            .collect(Collectors.joining(", "));
    String name = request.images().size() + " container images for " + platforms;
    try (Task task = parent.start(Event.TaskKind.COLLECTION, name, -1)) {
      Function<Reference, RegistryClient> clients = clients(request);
      List<ResolvedImage> images = resolve(request, clients, session, task);
      List<BuildResult.MissingImage> missing = MissingPlatforms.check(images, request, task);
      request.lock().ifPresent(lock -> LockCheck.images(lock, images));
      request.targets().forEach(target -> checkCollisions(images, target.present()));
      Map<Digest, WrittenLayer> blobs = new TreeMap<>();
      long downloaded = download(images, request, clients, session, task, blobs);
      WrittenLayer documents =
          new RegistryDocuments(images, attached(images, request, clients, session, task))
              .write(new LayerWriter(request.compression(), request.epoch()), session, task);
      Map<Platform, List<WrittenLayer>> layers = new TreeMap<>();
      Map<Platform, List<ContainerImage>> described = new TreeMap<>();
      for (Target target : request.targets()) {
        described.put(target.platform(), describe(images, request, target.platform()));
        layers.put(target.platform(), layers(images, target, blobs, documents));
      }
      task.done(downloaded + " bytes downloaded");
      return new Result(layers, described, missing, downloaded);
    }
  }

  private List<CollectedAttachments.Documented> attached(
      List<ResolvedImage> images,
      Request request,
      Function<Reference, RegistryClient> clients,
      LayerStore.Session session,
      Task task) {
    if (!request.signatures()) {
      return images.stream().map(image -> CollectedAttachments.Documented.nothing()).toList();
    }
    CollectedAttachments attachments = new CollectedAttachments(store, session, options);
    return transfers.map(
        "looking for signatures",
        images,
        image -> attachments.of(image, clients.apply(image.reference()), task));
  }

  /** What a platform gets: its blobs, by digest, and the documents of all platforms. */
  private static List<WrittenLayer> layers(
      List<ResolvedImage> images,
      Target target,
      Map<Digest, WrittenLayer> blobs,
      WrittenLayer documents) {
    SortedSet<Digest> own = new TreeSet<>();
    boolean any = false;
    for (ResolvedImage image : images) {
      PlatformSearch.Found content = image.contents().get(target.platform());
      if (content != null) {
        any = true;
        content.manifest().layers().forEach(layer -> own.add(layer.digest()));
      }
    }
    own.removeAll(target.presentBlobs());
    List<WrittenLayer> layers = new ArrayList<>();
    own.forEach(digest -> layers.add(Objects.requireNonNull(blobs.get(digest))));
    if (any) {
      layers.add(documents);
    }
    return layers;
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
        request.images(),
        wanted -> {
          DiscoveryReport.Found found = wanted.found();
          try (Task task = parent.start(Event.TaskKind.IMAGE, found.image().toString(), -1)) {
            RegistryClient own = clients.apply(found.image());
            ResolvedImage image =
                new ImageResolver(store, session, own, new BlobDownload(own, options))
                    .resolve(found.image(), wanted.platforms(), task);
            task.done(image.digest().toString());
            return image;
          } catch (SealerException e) {
            throw ImageFailure.withOrigin(e, found.origins());
          }
        });
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
      Holder holder = new Holder(image.reference(), image.digest());
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
      Request request,
      Function<Reference, RegistryClient> clients,
      LayerStore.Session session,
      Task task,
      Map<Digest, WrittenLayer> layers) {
    Map<Digest, BlobDownload.Wanted> wanted = new LinkedHashMap<>();
    for (ResolvedImage image : images) {
      for (Target target : request.targets()) {
        PlatformSearch.Found content = image.contents().get(target.platform());
        List<Descriptor> needed = content == null ? List.of() : content.manifest().layers();
        for (Descriptor layer : needed) {
          if (!target.presentBlobs().contains(layer.digest())) {
            wanted.putIfAbsent(layer.digest(), new BlobDownload.Wanted(image.reference(), layer));
          }
        }
      }
    }
    AtomicLong downloaded = new AtomicLong();
    Collection<BlobDownload.Wanted> blobs = wanted.values();
    new BlobCollector(store, session, new BlobDownload(client, options)).ensureSpace(blobs);
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

  private static List<ContainerImage> describe(
      List<ResolvedImage> images, Request request, Platform platform) {
    List<ContainerImage> described = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      ResolvedImage image = images.get(i);
      PlatformSearch.Found content = image.contents().get(platform);
      if (content == null) {
        continue;
      }
      Set<String> files = new TreeSet<>();
      request.images().get(i).found().origins().forEach(origin -> files.add(origin.file().value()));
      files.remove("");
      described.add(
          new ContainerImage(
              image.reference(),
              image.digest(),
              content.descriptor().digest(),
              platform,
              content.manifest().size(),
              List.copyOf(files)));
    }
    return described;
  }
}
