package cloud.sealer.core.image;

import cloud.sealer.core.event.UnnoticedTask;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds what is attached to a manifest at a registry, by all the ways in use. */
public final class RegistryAttachments {
  private static final int MAX = 64;
  private static final Set<ErrorCode> EXCUSED =
      EnumSet.of(ErrorCode.UNREACHABLE, ErrorCode.UNAUTHORIZED, ErrorCode.REGISTRY_ERROR);

  private final RegistryClient client;

  /** Asks with a client. */
  public RegistryAttachments(RegistryClient client) {
    this.client = client;
  }

  /**
   * Something that is attached.
   *
   * @param attachment what and to what
   * @param bytes its manifest
   * @param content the same, read
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Found(Attachment attachment, byte[] bytes, ArtifactManifest content) {}

  /** Whether a failure only means that a registry does not tell, not that something is wrong. */
  public static boolean isExcused(SealerException failure) {
    return EXCUSED.contains(failure.code());
  }

  /** All that is attached to a manifest. */
  List<Found> of(Reference image, Digest subject, Task task) {
    List<Found> all = new ArrayList<>(referring(image, subject, task));
    for (String kind : Attachment.COSIGN_KINDS) {
      tagged(image, subject, kind, task).ifPresent(all::add);
    }
    return all;
  }

  /** What cosign attached to a manifest by tag. */
  public Optional<Found> tagged(Reference image, Digest subject, String kind, Task parent) {
    Task task = new UnnoticedTask(parent); // a mirror without signatures is nothing to tell
    Reference tag = image.withTag(Attachment.tag(subject, kind));
    // HEAD first: it counts nowhere as a pull.
    if (client.lookUp(tag, task).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(found(subject, kind, client.manifest(tag, task)));
  }

  /** What names a manifest as its subject. */
  public List<Found> referring(Reference image, Digest subject, Task parent) {
    Task task = new UnnoticedTask(parent);
    List<Descriptor> listed =
        client
            .referrers(image.withDigest(subject), task)
            .orElseGet(() -> listed(image.withTag(Attachment.fallbackTag(subject)), task));
    List<Found> all = new ArrayList<>();
    for (Descriptor manifest : listed) {
      if (manifest.mediaType().isManifest() && all.size() < MAX) {
        Found found =
            found(subject, "", client.manifest(image.withDigest(manifest.digest()), task));
        if (found.content().attachedTo().equals(Optional.of(subject))) {
          all.add(found);
        }
      }
    }
    return all;
  }

  private List<Descriptor> listed(Reference tag, Task task) {
    if (client.lookUp(tag, task).isEmpty()) {
      return List.of();
    }
    RegistryClient.Manifest index = client.manifest(tag, task);
    return index.descriptor().mediaType().isIndex()
        ? OciIndex.parse(index.bytes(), "index " + tag).manifests()
        : List.of();
  }

  /** An index that lists what refers to a manifest, sorted. */
  public static byte[] index(List<Found> referrers) {
    ObjectNode index = OciJson.MAPPER.createObjectNode();
    index.put("schemaVersion", 2);
    index.put("mediaType", MediaType.OCI_INDEX.value());
    index.putArray("manifests");
    referrers.stream()
        .sorted(Comparator.comparing(found -> found.attachment().manifest().digest().toString()))
        .forEach(
            found -> index.withArray("manifests").add(entry(found.attachment(), found.content())));
    return OciJson.bytes(index);
  }

  /** The entry of a referrer in an index. */
  static ObjectNode entry(Attachment attachment, ArtifactManifest content) {
    ObjectNode entry = OciJson.write(attachment.descriptor(content));
    entry.put("artifactType", content.artifactType());
    return entry;
  }

  private static Found found(Digest subject, String kind, RegistryClient.Manifest manifest) {
    Attachment attachment = new Attachment(subject, kind, manifest.descriptor());
    return new Found(
        attachment,
        manifest.bytes(),
        ArtifactManifest.parse(
            manifest.bytes(), "artifact " + manifest.descriptor().digest() + " of " + subject));
  }
}
