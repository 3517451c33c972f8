package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** The cluster images of one store. */
public final class StoreImages implements Images {
  private final LayerStore store;
  private final Names names;
  private final Reference.Defaults defaults;
  private final RegistryClient client;
  private final Transfers transfers;
  private final ImagePull pull;
  private final Clock clock;

  /**
   * The images of a store.
   *
   * @param store the store
   * @param defaults what completes short names
   * @param client reaches registries
   * @param options how it does
   * @param transfers moves blobs
   * @param clock for the time of events
   */
  public StoreImages(
      LayerStore store,
      Reference.Defaults defaults,
      RegistryClient client,
      RegistryOptions options,
      Transfers transfers,
      Clock clock) {
    this.store = store;
    this.names = new Names(store, defaults);
    this.defaults = defaults;
    this.client = client;
    this.transfers = transfers;
    this.pull = new ImagePull(store, client, new BlobDownload(client, options), transfers);
    this.clock = clock;
  }

  /** The names of the store's images. */
  public Names names() {
    return names;
  }

  /** Pulls images without naming them. */
  public ImagePull puller() {
    return pull;
  }

  @Override
  public List<ClusterImage> list() {
    ImageReader reader = new ImageReader(store);
    List<ClusterImage> images = new ArrayList<>();
    names.all().forEach((reference, image) -> images.add(listed(reader, reference, image)));
    return images;
  }

  /** One damaged image must not hide the others. */
  private static ClusterImage listed(ImageReader reader, Reference reference, Descriptor image) {
    try {
      return reader.read(reference, image);
    } catch (SealerException e) {
      if (e.code() == ErrorCode.STORE_CORRUPT) {
        return new ClusterImage(reference, image, image.size(), List.of());
      }
      throw e;
    }
  }

  @Override
  public ClusterImage inspect(String name) {
    return names.read(names.resolve(name));
  }

  @Override
  public void tag(String source, String target) {
    Reference reference = nameable(target);
    store.putName(names.stored(reference), names.resolve(source).image());
  }

  private Reference nameable(String name) {
    Reference reference = names.parse(name);
    if (reference.digest().isPresent()) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "\"" + name + "\" has a digest, which no name can be given")
          .remedy("give a repository and a tag")
          .build();
    }
    return reference;
  }

  @Override
  public void remove(String name) {
    Names.Found found = names.resolveName(name);
    if (!store.removeName(names.stored(found.reference()))) {
      throw Names.notFound(name); // another process was faster
    }
  }

  @Override
  public PruneResult prune() {
    new Attachments(store).removeOrphans();
    Set<Digest> kept = new HashSet<>();
    ImageReader reader = new ImageReader(store);
    store
        .names()
        .forEach(
            (name, image) -> {
              kept.add(image.digest());
              if (image.mediaType().isIndex() || image.mediaType().isManifest()) {
                blobs(reader, name, image).forEach(blob -> kept.add(blob.digest()));
              }
            });
    return store.prune(kept);
  }

  /** What an unreadable image needs is not known, so that nothing can be deleted. */
  private static List<Descriptor> blobs(ImageReader reader, String name, Descriptor image) {
    try {
      return reader.blobs(image);
    } catch (SealerException e) {
      throw SealerException.builder(
              e.code(), "nothing was deleted: image " + name + ": " + e.getMessage())
          .remedy("remove that image, or pull or build it again")
          .cause(e)
          .build();
    }
  }

  @Override
  public void save(String name, Path archive, EventListener listener) {
    Names.Found found = names.resolve(name);
    String stored = names.stored(found.reference());
    work(
        listener,
        (session, parent) -> {
          new ImageArchive(store).save(stored, found.image(), archive, parent);
          return stored;
        });
  }

  @Override
  public List<ClusterImage> load(Path archive, EventListener listener) {
    return work(
        listener,
        (session, parent) -> {
          // All names are checked before the first is given.
          Map<Reference, Descriptor> named = new LinkedHashMap<>();
          Attachments attachments = new Attachments(store);
          List<Attachment> attached = new ArrayList<>();
          for (Descriptor image : read(archive, session, parent)) {
            String archived = image.annotations().get(Annotations.REF_NAME);
            Optional<Attachment> attachment = attachments.read(archived, image);
            if (attachment.isPresent()) {
              attached.add(attachment.get());
              continue;
            }
            named.put(
                name(archive, image),
                new Descriptor(image.mediaType(), image.digest(), image.size()));
          }
          attached.forEach(attachment -> attachments.load(session, attachment));
          List<ClusterImage> loaded = new ArrayList<>();
          named.forEach(
              (reference, image) -> {
                loaded.add(new ImageReader(store).read(reference, image));
                store.putName(names.stored(reference), image);
              });
          return loaded;
        });
  }

  private List<Descriptor> read(Path archive, LayerStore.Session session, TaskStarter parent) {
    return SealerArchive.isOne(archive)
        ? new SealerArchive(session).load(archive, parent)
        : new ImageArchive(store).load(archive, session, parent);
  }

  private Reference name(Path archive, Descriptor image) {
    String name = image.annotations().get(Annotations.REF_NAME);
    if (name == null || name.isBlank()) {
      throw SealerException.builder(
              ErrorCode.INVALID_ARCHIVE,
              "image " + image.digest() + " in " + archive + " has no name")
          .remedy("save it with a name, such as oci-archive:FILE:NAME in skopeo")
          .build();
    }
    return nameable(name);
  }

  @Override
  public Digest push(String name, EventListener listener) {
    Names.Found found = names.resolve(name);
    return work(
        listener,
        (session, parent) ->
            new ImagePush(store, client, transfers, defaults)
                .push(found.reference(), found.image(), parent));
  }

  @Override
  public ClusterImage pull(String name, EventListener listener) {
    Reference reference = names.parse(name);
    return work(
        listener,
        (session, parent) -> {
          Descriptor image = pull.pull(reference, null, session, parent);
          ClusterImage read = new ImageReader(store).read(reference, image);
          store.putName(names.stored(reference), image);
          return read;
        });
  }

  @Override
  public VerifyReport verify(String name, EventListener listener) {
    Names.Found found = names.resolve(name);
    return work(
        listener,
        (session, parent) -> {
          try {
            return new ImageVerifier(store, transfers).verify(names.read(found), session, parent);
          } catch (SealerException e) {
            if (e.code() != ErrorCode.STORE_CORRUPT) {
              throw e;
            }
            return new VerifyReport(0, 0, List.of(e.getMessage() + "; " + e.remedy()));
          }
        });
  }

  private <R> R work(EventListener listener, BiFunction<LayerStore.Session, TaskStarter, R> work) {
    try (TaskTree tasks = new TaskTree(listener, clock);
        LayerStore.Session session = store.session()) {
      return work.apply(session, tasks::start);
    }
  }
}
