package cloud.sealer.core.trust;

import cloud.sealer.core.image.ArtifactManifest;
import cloud.sealer.core.image.Attachment;
import cloud.sealer.core.image.Attachments;
import cloud.sealer.core.image.Documents;
import cloud.sealer.core.signature.SignatureSource;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.spi.LayerStore;
import java.util.ArrayList;
import java.util.List;

/** The signatures of a store: by cosign's tag, or by subject as cosign also can. */
final class StoredSignatures implements SignatureSource {
  private final LayerStore store;
  private final Attachments attachments;

  StoredSignatures(LayerStore store) {
    this.store = store;
    this.attachments = new Attachments(store);
  }

  @Override
  public List<ArtifactManifest> signatures(Digest subject) {
    List<ArtifactManifest> found = new ArrayList<>();
    for (Attachment attachment : attachments.all()) {
      if (attachment.subject().equals(subject)) {
        ArtifactManifest content = attachments.read(attachment);
        if (attachment.artifactType(content).equals(Referrer.COSIGN_SIGNATURE)) {
          found.add(content);
        }
      }
    }
    return found;
  }

  @Override
  public byte[] blob(Descriptor blob) {
    return Documents.read(store, blob);
  }
}
