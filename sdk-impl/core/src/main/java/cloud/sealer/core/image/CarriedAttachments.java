package cloud.sealer.core.image;

import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.spi.LayerStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is attached to the container images of a repository in the {@code registry/} tree of a
 * cluster image: by cosign's tags, and by the index that stands in for the referrers API.
 */
final class CarriedAttachments {
  private static final int MAX = 64;

  private final String repository;
  private final RegistryContent content;
  private final LayerStore.Session session;

  /** Looks into a tree, and copies what it finds into the store of a session. */
  CarriedAttachments(String repository, RegistryContent content, LayerStore.Session session) {
    this.repository = repository;
    this.content = content;
    this.session = session;
  }

  /** All that is attached to a manifest or index; what the tree has only a part of is left out. */
  List<Attachment> of(Digest subject) {
    List<Attachment> all = new ArrayList<>();
    for (String kind : Attachment.COSIGN_KINDS) {
      tagged(Attachment.tag(subject, kind))
          .flatMap(manifest -> copied(subject, kind, manifest))
          .ifPresent(all::add);
    }
    tagged(Attachment.fallbackTag(subject)).stream()
        .flatMap(index -> listed(index).stream())
        .limit(MAX)
        .flatMap(manifest -> copied(subject, "", manifest).stream())
        .forEach(all::add);
    return all;
  }

  private Optional<Digest> tagged(String tag) {
    return content.link(RegistryTree.tagLink(repository, tag));
  }

  private List<Digest> listed(Digest index) {
    return content
        .document(index)
        .map(bytes -> OciIndex.parse(bytes, "index " + index).manifests())
        .orElse(List.of())
        .stream()
        .map(Descriptor::digest)
        .toList();
  }

  private Optional<Attachment> copied(Digest subject, String kind, Digest digest) {
    Optional<byte[]> bytes = content.document(digest);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    String where = "artifact " + digest + " of " + subject;
    ArtifactManifest artifact = ArtifactManifest.parse(bytes.get(), where);
    if (kind.isEmpty() && !artifact.attachedTo().equals(Optional.of(subject))) {
      return Optional.empty();
    }
    List<Descriptor> blobs = new ArrayList<>(artifact.layers());
    blobs.add(artifact.config());
    for (Descriptor blob : blobs) {
      Optional<byte[]> part = content.document(blob.digest());
      if (part.isEmpty()) {
        return Optional.empty();
      }
      Documents.write(session, part.get(), blob.digest());
    }
    Documents.write(session, bytes.get(), digest);
    Descriptor manifest = new Descriptor(MediaType.OCI_MANIFEST, digest, bytes.get().length);
    return Optional.of(new Attachment(subject, kind, manifest));
  }
}
