package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is attached to the images of a store. Each attachment has a name of its own there, so that
 * it is a manifest of the layout like any other, and nobody must rewrite a list to add one.
 */
public final class Attachments {
  private final LayerStore store;

  /** The attachments of a store. */
  public Attachments(LayerStore store) {
    this.store = store;
  }

  /** All of them, by subject. */
  public List<Attachment> all() {
    List<Attachment> all = new ArrayList<>();
    store.names().forEach((name, found) -> Attachment.parse(name, found).ifPresent(all::add));
    return all;
  }

  /** What is attached to some manifests, and to that, and so on. */
  public List<Attachment> of(Collection<Digest> subjects) {
    return reachable(all(), subjects);
  }

  private static List<Attachment> reachable(List<Attachment> all, Collection<Digest> subjects) {
    List<Attachment> left = new ArrayList<>(all);
    List<Attachment> found = new ArrayList<>();
    Set<Digest> known = new HashSet<>(subjects);
    for (boolean more = true; more; ) {
      List<Attachment> next =
          left.stream().filter(attachment -> known.contains(attachment.subject())).toList();
      found.addAll(next);
      left.removeAll(next);
      next.forEach(attachment -> known.add(attachment.manifest().digest()));
      more = !next.isEmpty();
    }
    return found;
  }

  /** What is attached to an image: to its index and to the manifests it lists. */
  public List<Attachment> of(Descriptor image) {
    return of(subjects(image));
  }

  /** What things are attached to: the index and the manifests it lists. */
  public Set<Digest> subjects(Descriptor image) {
    Set<Digest> subjects = new LinkedHashSet<>();
    subjects.add(image.digest());
    new ImageReader(store).manifests(image).forEach(found -> subjects.add(found.digest()));
    return subjects;
  }

  /** Something of a kind that cosign attaches to a manifest by tag. */
  public Optional<Attachment> find(Digest subject, String kind) {
    return all().stream()
        .filter(attachment -> attachment.subject().equals(subject))
        .filter(attachment -> attachment.kind().equals(kind))
        .findFirst();
  }

  /** Reads the manifest of an attachment. */
  public ArtifactManifest read(Attachment attachment) {
    return ArtifactManifest.parse(
        Documents.read(store, attachment.manifest()), "artifact " + attachment.manifest().digest());
  }

  /** Writes the manifest of something that refers to its subject, and names it. */
  public Attachment put(LayerStore.Session session, ArtifactManifest artifact) {
    Digest subject =
        artifact.attachedTo().orElseThrow(() -> new IllegalArgumentException("no subject"));
    return put(session, subject, "", artifact.toJson());
  }

  /** Keeps a manifest whose blobs are in the store as an attachment. */
  Attachment put(LayerStore.Session session, Digest subject, String kind, byte[] manifest) {
    Digest digest = Documents.write(session, manifest);
    Attachment attachment =
        new Attachment(
            subject, kind, new Descriptor(MediaType.OCI_MANIFEST, digest, manifest.length));
    name(attachment);
    return attachment;
  }

  /** Names what is in the store. */
  void name(Attachment attachment) {
    store.putName(attachment.name(), attachment.manifest());
  }

  /**
   * Adds layers to what cosign attaches by one tag; those that are there stay. Two processes that
   * add at once do so one after the other.
   *
   * @param layers the layers, whose blobs are in the store
   */
  public Attachment add(
      LayerStore.Session session, Digest subject, String kind, List<Descriptor> layers) {
    // Nothing is written: only one writer of a key is at work at a time.
    try (LayerStore.BlobWriter lock = session.write("attach-" + subject.hex() + "-" + kind)) {
      List<Descriptor> present = layers(subject, kind);
      CosignManifest manifest = CosignManifest.of(present).with(layers);
      Documents.write(session, manifest.config());
      return put(session, subject, kind, manifest.toJson());
    }
  }

  private List<Descriptor> layers(Digest subject, String kind) {
    return find(subject, kind).map(this::read).map(ArtifactManifest::layers).orElse(List.of());
  }

  /**
   * Reads an entry of an archive's index: by its name, or as other tools write them, without one,
   * by the subject that its manifest names.
   *
   * @return empty if it is something else
   */
  Optional<Attachment> read(@Nullable String name, Descriptor entry) {
    if (name != null && !name.isBlank()) {
      return Attachment.parse(name, entry);
    }
    if (!entry.mediaType().isManifest()) {
      return Optional.empty();
    }
    return ArtifactManifest.parse(Documents.read(store, entry), "artifact " + entry.digest())
        .attachedTo()
        .map(subject -> new Attachment(subject, "", Attachment.plain(entry)));
  }

  /**
   * Names what an archive has for its images; what it has for others is not its business.
   *
   * @param found what is in the archive, whose blobs have been put into the store
   * @param images the images of the archive
   */
  void load(LayerStore.Session session, List<Attachment> found, Collection<Descriptor> images) {
    Set<Digest> subjects = new HashSet<>();
    images.forEach(image -> subjects.addAll(subjects(image)));
    reachable(found, subjects).forEach(attachment -> load(session, attachment));
  }

  /** Names an attachment whose blobs have been put into the store. */
  void load(LayerStore.Session session, Attachment attachment) {
    List<Descriptor> layers = read(attachment).layers();
    boolean replaces =
        !attachment.kind().equals(Attachment.SIGNATURE)
            || layers.containsAll(layers(attachment.subject(), attachment.kind()));
    if (replaces) {
      name(attachment);
    } else {
      add(session, attachment.subject(), attachment.kind(), layers); // keeps what is there
    }
  }

  /** Takes the names of attachments away whose subjects no image needs any more. */
  void removeOrphans() {
    List<Attachment> all = all();
    if (all.isEmpty()) {
      return;
    }
    Set<Digest> needed = new HashSet<>();
    try {
      store
          .names()
          .forEach(
              (name, found) -> {
                if (Attachment.parse(name, found).isEmpty()
                    && (found.mediaType().isIndex() || found.mediaType().isManifest())) {
                  needed.addAll(subjects(found));
                }
              });
    } catch (SealerException e) {
      return; // what an image needs is not known; whoever prunes says so
    }
    List<Attachment> kept = of(needed);
    all.stream()
        .filter(attachment -> !kept.contains(attachment))
        .forEach(attachment -> store.removeName(attachment.name()));
  }
}
