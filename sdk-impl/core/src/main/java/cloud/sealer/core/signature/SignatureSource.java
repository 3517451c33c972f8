package cloud.sealer.core.signature;

import cloud.sealer.core.image.ArtifactManifest;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import java.util.List;

/** Where the signatures of images are: a store, a registry, an archive. */
public interface SignatureSource {
  /** The manifests that hold signatures of a digest. */
  List<ArtifactManifest> signatures(Digest subject);

  /** The bytes of a small blob, which have its digest. */
  byte[] blob(Descriptor blob);
}
