package cloud.sealer.core.image;

import cloud.sealer.core.event.TaskStarter;
import cloud.sealer.core.transfer.Transfers;
import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.ClusterImage.PlatformImage;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Event;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Relocation;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Sends the container images of a cluster image to another registry. */
final class ImageRelocation {
  private final LayerStore store;
  private final RegistryClient client;
  private final Transfers transfers;
  private final Map<Digest, String> repositories = new ConcurrentHashMap<>();

  ImageRelocation(LayerStore store, RegistryClient client, Transfers transfers) {
    this.store = store;
    this.client = client;
    this.transfers = transfers;
  }

  List<Relocation> relocate(
      ClusterImage image, Target target, LayerStore.Session session, TaskStarter parent) {
    Map<Reference, Source> sources = new TreeMap<>();
    List<RegistryContent> opened = new ArrayList<>();
    String name = image.reference() + " to " + target;
    try (Task task = parent.start(Event.TaskKind.RELOCATION, name, -1)) {
      for (PlatformImage platform : image.platforms()) {
        RegistryContent content = RegistryContent.withBlobs(store, platform, session.scratch());
        opened.add(content);
        for (ContainerImage container : platform.metadata().containerImages()) {
          sources
              .computeIfAbsent(container.reference(), reference -> new Source(container))
              .contents()
              .add(content);
        }
      }
      List<Relocation> done = new ArrayList<>();
      sources.forEach(
          (reference, source) -> done.add(relocate(reference, source, target, session, task)));
      task.done(done.size() + " container images");
      return done;
    } finally {
      opened.forEach(RegistryContent::close);
    }
  }

  /**
   * Where images go.
   *
   * @param registry its host, with port if there is one
   * @param prefix the leading path of all repositories; empty for none
   */
  record Target(String registry, String prefix) {
    /** Reads {@code REGISTRY[/PREFIX]}. */
    static Target parse(String text) {
      int slash = text.indexOf('/');
      Target target =
          slash < 0
              ? new Target(text, "")
              : new Target(
                  text.substring(0, slash), text.substring(slash + 1).replaceAll("/$", ""));
      try {
        target.of(Reference.parse("name"));
        return target;
      } catch (IllegalArgumentException e) {
        throw SealerException.builder(
                ErrorCode.INVALID_REQUEST,
                "\"" + text + "\" is not a registry with a prefix: " + e.getMessage())
            .remedy("write it as HOST[:PORT][/PREFIX]")
            .cause(e)
            .build();
      }
    }

    Reference of(Reference image) {
      String path = image.repository();
      return image.relocate(registry, prefix.isEmpty() ? path : prefix + "/" + path);
    }

    @Override
    public String toString() {
      return prefix.isEmpty() ? registry : registry + "/" + prefix;
    }
  }

  /**
   * An image with all trees that have a part of it: one for each platform.
   *
   * @param image what one of them says of it
   * @param contents the trees
   */
  private record Source(ContainerImage image, List<RegistryContent> contents) {
    Source(ContainerImage image) {
      this(image, new ArrayList<>());
    }

    Optional<byte[]> document(Digest digest) {
      return contents.stream().flatMap(content -> content.document(digest).stream()).findFirst();
    }

    RegistryContent holder(Descriptor blob) {
      return contents.stream()
          .filter(content -> content.problem(blob).isEmpty())
          .findFirst()
          .orElseThrow(() -> incomplete(image.reference(), "blob " + blob.digest()));
    }
  }

  private static SealerException incomplete(Reference image, String what) {
    return SealerException.builder(
            ErrorCode.STORE_CORRUPT, what + " of container image " + image + " is missing")
        .remedy("verify the cluster image, with --repair to get what is missing")
        .build();
  }

  /**
   * What one image is made of: blobs and documents that are sent, innermost documents first; and
   * what became of each document that it names, so that none is looked at twice.
   */
  private static final class Parts {
    private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
    private final Map<Digest, Document> documents = new LinkedHashMap<>();
    private final Map<Digest, Optional<Document>> known = new HashMap<>();
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Document(MediaType mediaType, byte[] bytes, Digest digest) {
    /** What an index lists. */
    List<Descriptor> listed() {
      return OciIndex.parse(bytes, "index " + digest).manifests();
    }
  }

  private Relocation relocate(
      Reference reference, Source source, Target target, LayerStore.Session session, Task parent) {
    Reference to = target.of(reference);
    try (Task task = parent.start(Event.TaskKind.IMAGE, to.toString(), -1)) {
      Digest original = source.image().digest();
      Parts parts = new Parts();
      Document root =
          collect(source, original, parts, 0)
              .orElseThrow(() -> incomplete(reference, "manifest " + original));
      AtomicLong sent = new AtomicLong();
      Collection<Descriptor> blobs = parts.blobs.values();
      transfers.each("relocating " + reference, blobs, blob -> send(source, to, blob, sent, task));
      for (Document document : parts.documents.values()) {
        Reference byDigest = to.withDigest(document.digest());
        if (client.head(byDigest, task).isEmpty()) {
          client.putManifest(byDigest, document.mediaType(), document.bytes(), task);
        }
      }
      // Before the tag, which then never points at something unsigned.
      new AttachmentPush(store, client)
          .push(to, attached(source, parts.documents.keySet(), session, task), task);
      if (to.tag().isPresent()) {
        Reference byTag = to.withTag(to.tag().get());
        if (client.head(byTag, task).filter(d -> d.digest().equals(root.digest())).isEmpty()) {
          client.putManifest(byTag, root.mediaType(), root.bytes(), task);
        }
      }
      blobs.forEach(blob -> repositories.put(blob.digest(), to.repository()));
      task.done(root.digest().toString());
      Reference now = root.digest().equals(original) ? to : subset(to, root.digest());
      return new Relocation(reference, now, root.digest(), original, sent.get());
    }
  }

  /** The signatures and other attachments of what is sent. */
  private static List<Attachment> attached(
      Source source, Collection<Digest> sent, LayerStore.Session session, Task task) {
    String repository = source.image().reference().repository();
    Digest original = source.image().digest();
    List<Attachment> attached = new ArrayList<>();
    boolean left = false;
    for (RegistryContent content : source.contents()) {
      CarriedAttachments carried = new CarriedAttachments(repository, content, session);
      sent.forEach(subject -> attached.addAll(carried.of(subject)));
      left |= !sent.contains(original) && !carried.of(original).isEmpty();
    }
    if (left) {
      task.notice(
          "what is attached to "
              + original
              + " is left out: only some of its platforms are in this cluster image");
    }
    return attached.stream().distinct().toList();
  }

  /** A digest in the name would be that of the index which is not there. */
  private static Reference subset(Reference to, Digest digest) {
    if (to.digest().isEmpty()) {
      return to;
    }
    return to.tag().isPresent() ? to.withTag(to.tag().get()) : to.withDigest(digest);
  }

  /** Collects a document with all it needs; empty if the image does not carry it. */
  private static Optional<Document> collect(Source source, Digest digest, Parts parts, int depth) {
    Optional<Document> known = parts.known.get(digest);
    if (known != null) {
      return known;
    }
    if (depth > PlatformSearch.MAX_DEPTH || parts.known.size() == ImageReader.MAX_DOCUMENTS) {
      throw OciJson.unsupported(
          "container image "
              + source.image().reference()
              + " nests indexes more than "
              + PlatformSearch.MAX_DEPTH
              + " deep, or names more than "
              + ImageReader.MAX_DOCUMENTS
              + " manifests",
          null);
    }
    Optional<Document> collected =
        source.document(digest).map(bytes -> document(source, digest, bytes, parts, depth));
    collected.ifPresent(document -> parts.documents.put(document.digest(), document));
    parts.known.put(digest, collected);
    return collected;
  }

  private static Document document(
      Source source, Digest digest, byte[] bytes, Parts parts, int depth) {
    JsonNode json = OciJson.parse(bytes, digest.toString());
    return json.has("manifests")
        ? index(source, digest, bytes, parts, depth)
        : manifest(digest, bytes, json, parts);
  }

  private static Document manifest(Digest digest, byte[] bytes, JsonNode json, Parts parts) {
    OciManifest manifest = OciManifest.parse(bytes, "manifest " + digest);
    parts.blobs.putIfAbsent(manifest.config().digest(), manifest.config());
    manifest.layers().forEach(layer -> parts.blobs.putIfAbsent(layer.digest(), layer));
    return new Document(mediaType(json, MediaType.OCI_MANIFEST), bytes, digest);
  }

  /**
   * An index as it is if all it lists is here. Else the one of what is, as the registry of the
   * cluster has it too: a registry takes no index whose entries it lacks.
   */
  private static Document index(
      Source source, Digest digest, byte[] bytes, Parts parts, int depth) {
    List<Descriptor> kept = new ArrayList<>();
    for (Descriptor entry : OciIndex.parse(bytes, "index " + digest).manifests()) {
      Optional<Document> child = collect(source, entry.digest(), parts, depth + 1);
      if (child.isPresent() && child.get().digest().equals(entry.digest())) {
        kept.add(entry);
      } else {
        child.ifPresent(document -> kept.addAll(document.listed()));
      }
    }
    byte[] subset = OciIndex.subset(bytes, kept, digest);
    Digest actual = Documents.digest(subset, digest);
    MediaType type = mediaType(OciJson.parse(subset, digest.toString()), MediaType.OCI_INDEX);
    return new Document(type, subset, actual);
  }

  private static MediaType mediaType(JsonNode json, MediaType otherwise) {
    String named = json.path("mediaType").asText();
    return named.isEmpty() ? otherwise : new MediaType(named);
  }

  private void send(Source source, Reference to, Descriptor blob, AtomicLong sent, Task parent) {
    try (Task task = parent.start(Event.TaskKind.BLOB, blob.digest().toString(), blob.size())) {
      String other = repositories.get(blob.digest());
      if (client.hasBlob(to, blob.digest(), task)
          || (other != null && client.mount(to, blob.digest(), other, task))) {
        task.cached("");
        return;
      }
      client.putBlob(to, blob, source.holder(blob).content(blob), task);
      sent.addAndGet(blob.size());
      task.done("");
    }
  }
}
