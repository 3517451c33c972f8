package cloud.sealer.core.trust;

import cloud.sealer.core.image.ArtifactManifest;
import cloud.sealer.core.image.Attachment;
import cloud.sealer.core.image.Documents;
import cloud.sealer.core.image.RegistryAttachments;
import cloud.sealer.core.signature.SignatureSource;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.Referrer;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The signatures of an image at its registry. */
final class RemoteSignatures implements SignatureSource {
  private final RegistryClient client;
  private final Reference image;
  private final Task task;

  RemoteSignatures(RegistryClient client, Reference image, Task task) {
    this.client = client;
    this.image = image;
    this.task = task;
  }

  @Override
  public List<ArtifactManifest> signatures(Digest subject) {
    RegistryAttachments registry = new RegistryAttachments(client);
    List<ArtifactManifest> found = new ArrayList<>();
    registry
        .tagged(image, subject, Attachment.SIGNATURE, task)
        .ifPresent(tagged -> found.add(tagged.content()));
    for (RegistryAttachments.Found referring : registry.referring(image, subject, task)) {
      if (referring.content().artifactType().equals(Referrer.COSIGN_SIGNATURE)) {
        found.add(referring.content());
      }
    }
    return found;
  }

  @Override
  public byte[] blob(Descriptor blob) {
    Documents.checkSize(blob);
    byte[] bytes;
    try (RegistryClient.BlobStream stream = client.blob(image, blob, 0, task)) {
      bytes = stream.body().readNBytes(Documents.MAX_SIZE);
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.UNREACHABLE,
              "signature " + blob.digest() + " of " + image + " broke off: " + e.getMessage())
          .retryable(true)
          .remedy("try again")
          .cause(e)
          .build();
    }
    if (!Documents.digest(bytes, blob.digest()).equals(blob.digest())) {
      throw SealerException.builder(
              ErrorCode.DIGEST_MISMATCH,
              "signature " + blob.digest() + " of " + image + " has other bytes")
          .remedy("the registry or a proxy before it is damaged; sign the image again")
          .build();
    }
    return bytes;
  }
}
