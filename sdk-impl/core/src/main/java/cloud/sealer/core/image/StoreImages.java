package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.event.TaskTree;
import cloud.sealer.core.transfer.BlobDownload;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.ArchiveOutput;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryPolicy;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.EventListener;
import cloud.sealer.sdk.ImageDiff;
import cloud.sealer.sdk.Images;
import cloud.sealer.sdk.PruneOptions;
import cloud.sealer.sdk.PruneResult;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.Relocation;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.StoreUsage;
import cloud.sealer.sdk.VerifyReport;
import cloud.sealer.sdk.spi.ImageDiscoverer;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** The cluster images of one store. */
public final class StoreImages implements Images {
  private final LayerStore store;
  private final Names names;
  private final Reference.Defaults defaults;
  private final RegistryClient client;
  private final Transfers transfers;
  private final ImagePull pull;
  private final Clock clock;
  private final Supplier<List<ImageDiscoverer>> discoverers;

  /**
   * The images of a store.
   *
   * @param store the store
   * @param defaults what completes short names
   * @param client reaches registries
   * @param options how it does
   * @param transfers moves blobs
   * @param clock for the time of events
   * @param discoverers look for container images again when an image is verified
   */
  public StoreImages(
      LayerStore store,
      Reference.Defaults defaults,
      RegistryClient client,
      RegistryOptions options,
      Transfers transfers,
      Clock clock,
      Supplier<List<ImageDiscoverer>> discoverers) {
    this.store = store;
    this.names = new Names(store, defaults);
    this.defaults = defaults;
    this.client = client;
    this.transfers = transfers;
    this.pull = new ImagePull(store, client, new BlobDownload(client, options), transfers);
    this.clock = clock;
    this.discoverers = discoverers;
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

  @Override
  public List<ClusterImage> archived(Path archive) {
    ImageReader reader = new ImageReader(store);
    List<ClusterImage> images = new ArrayList<>();
    if (store instanceof ArchiveStore archives) {
      archives
          .names(archive)
          .forEach(
              (name, image) -> {
                if (Attachment.parse(name, image).isEmpty()) {
                  images.add(listed(reader, names.parse(name), image));
                }
              });
    }
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
    return new ServedImages(store).in(read(name));
  }

  private ClusterImage read(String name) {
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
  public ClusterImage merge(String name, List<String> sources) {
    if (sources.size() < 2) {
      throw new IllegalArgumentException("a merge needs two images or more, got " + sources);
    }
    Reference reference = nameable(name);
    List<ClusterImage> images = sources.stream().map(this::read).toList();
    try (LayerStore.Session session = store.session()) {
      Descriptor merged = new ImageMerge(store, session).merge(images);
      store.putName(names.stored(reference), merged);
      return new ImageReader(store).read(reference, merged);
    }
  }

  @Override
  public PruneResult prune(PruneOptions options) {
    Instant before =
        options.olderThan().isZero() ? Instant.MAX : clock.instant().minus(options.olderThan());
    // The names of attachments have no age, so that a prune of old things leaves them all.
    if (!options.dryRun() && options.olderThan().isZero()) {
      new Attachments(store).removeOrphans();
    }
    return store.prune(needed(), before, options.dryRun());
  }

  @Override
  public StoreUsage usage() {
    return new StoreUsage(
        new ImageUsages(store).of(names.all()),
        store.bytes(),
        store.prune(needed(), Instant.MAX, true));
  }

  private Set<Digest> needed() {
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
    return kept;
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
  public ImageDiff diff(String from, String to, EventListener listener) {
    ClusterImage before = read(from);
    ClusterImage after = read(to);
    return work(
        listener, (session, parent) -> new ImageComparison(store).compare(before, after, parent));
  }

  @Override
  public void save(String name, ArchiveOutput output, EventListener listener) {
    Names.Found found = names.resolve(name);
    String stored = names.stored(found.reference());
    save(ImageArchive.Content.whole(store, stored, found.image()), output, listener);
  }

  @Override
  public void delta(String from, String to, ArchiveOutput output, EventListener listener) {
    Names.Found base = names.resolve(from);
    Names.Found found = names.resolve(to);
    String stored = names.stored(found.reference());
    save(ImageArchive.Content.delta(store, base, stored, found.image()), output, listener);
  }

  private void save(ImageArchive.Content content, ArchiveOutput output, EventListener listener) {
    work(
        listener,
        (session, parent) -> {
          new ImageArchive(store).save(content, output, parent);
          return content;
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
          List<ClusterImage> loaded = new ArrayList<>();
          // All are read before the first has its name, so that one that cannot be changes nothing.
          named.forEach(
              (reference, image) -> loaded.add(new ImageReader(store).read(reference, image)));
          named.forEach((reference, image) -> store.putName(names.stored(reference), image));
          // Once their image has a name, no prune takes them for orphans.
          attachments.load(session, attached, named.values());
          return loaded;
        });
  }

  private List<Descriptor> read(Path archive, LayerStore.Session session, TaskStarter parent) {
    return SealerArchive.isOne(archive)
        ? new SealerArchive(session).load(archive, parent)
        : new ArchiveLoad(store, session).load(archive, parent);
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
  public List<Relocation> relocate(String name, String target, EventListener listener) {
    Names.Found found = names.resolve(name);
    ImageRelocation.Target to = ImageRelocation.Target.parse(target);
    return work(
        listener,
        (session, parent) ->
            new ImageRelocation(store, client, transfers)
                .relocate(names.read(found), to, session, parent));
  }

  @Override
  public VerifyReport verify(String name, DiscoveryPolicy policy, EventListener listener) {
    Names.Found found = names.resolve(name);
    return work(listener, (session, parent) -> verify(found, policy, session, parent));
  }

  private VerifyReport verify(
      Names.Found found, DiscoveryPolicy policy, LayerStore.Session session, TaskStarter parent) {
    try {
      return new ImageVerifier(store, transfers, discoverers.get())
          .verify(names.read(found), policy, session, parent);
    } catch (SealerException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e;
      }
      String problem = e.getMessage() + "; " + e.remedy();
      return new VerifyReport(0, 0, List.of(), List.of(), List.of(problem));
    }
  }

  @Override
  public VerifyReport repair(String name, DiscoveryPolicy policy, EventListener listener) {
    Names.Found found = names.resolve(name);
    return work(
        listener,
        (session, parent) -> {
          VerifyReport before = verify(found, policy, session, parent);
          if (before.ok()) {
            return before;
          }
          // What is damaged was thrown away, so only that is fetched.
          Reference same = found.reference().withDigest(found.image().digest());
          pull.pull(same, null, session, parent);
          VerifyReport after = verify(found, policy, session, parent);
          List<String> healed = new ArrayList<>(before.problems());
          healed.removeAll(after.problems());
          return new VerifyReport(
              after.blobs(), after.bytes(), after.references(), healed, after.problems());
        });
  }

  private <R> R work(EventListener listener, BiFunction<LayerStore.Session, TaskStarter, R> work) {
    try (TaskTree tasks = new TaskTree(listener, clock);
        LayerStore.Session session = store.session()) {
      return work.apply(session, tasks::start);
    }
  }
}
