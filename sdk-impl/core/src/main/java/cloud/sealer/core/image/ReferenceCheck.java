package cloud.sealer.core.image;

import cloud.sealer.core.discovery.NodeImageDiscoverer;
import cloud.sealer.core.layer.RegistryTree;
import cloud.sealer.sdk.ContainerImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.DiscoveryReport;
import cloud.sealer.sdk.ImageOrigin;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.ReferenceProof;
import cloud.sealer.sdk.ReferenceProof.Outcome;
import cloud.sealer.sdk.SealerException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Asks the {@code registry/} tree of an image for container images as the nodes of one platform
 * will: by tag, then by digest, then for every document and blob.
 */
final class ReferenceCheck {

  private final Platform platform;
  private final RegistryContent registry;

  ReferenceCheck(Platform platform, RegistryContent registry) {
    this.platform = platform;
    this.registry = registry;
  }

  /** Why a name cannot be served. */
  private static final class UnprovenException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Outcome outcome;

    UnprovenException(Outcome outcome, String reason) {
      super(reason);
      this.outcome = outcome;
    }

    String reason() {
      return String.valueOf(getMessage());
    }
  }

  private static UnprovenException missing(String reason) {
    return new UnprovenException(Outcome.MISSING, reason);
  }

  /** Checks everything that the files name, and what the metadata promise. */
  List<ReferenceProof> check(DiscoveryReport report, List<ContainerImage> promised) {
    List<ReferenceProof> proofs = new ArrayList<>();
    Set<Reference> done = new HashSet<>();
    for (DiscoveryReport.Found found : report.found()) {
      done.add(found.image());
      Optional<ContainerImage> promise =
          promised.stream().filter(image -> image.reference().equals(found.image())).findFirst();
      proofs.add(prove(new Named(found.image(), found.origins()), promise));
    }
    for (ContainerImage image : promised) {
      if (done.add(image.reference())) {
        proofs.add(prove(new Named(image.reference(), List.of()), Optional.of(image)));
      }
    }
    report.suspected().forEach(finding -> proofs.add(suspected(finding)));
    for (DiscoveryReport.Finding finding : report.unresolved()) {
      proofs.add(unsure(finding, Outcome.UNRESOLVED, finding.reason()));
    }
    proofs.sort(Comparator.comparing(ReferenceProof::image));
    return proofs;
  }

  /** A name and where it stands. */
  private record Named(Reference image, List<ImageOrigin> origins) {}

  private ReferenceProof prove(Named named, Optional<ContainerImage> promise) {
    Optional<Digest> digest = Optional.empty();
    Outcome outcome = Outcome.OK;
    String reason = "";
    try {
      Digest root = root(named.image());
      digest = Optional.of(root);
      Digest manifest = serve(named.image().repository(), root);
      if (promise.isPresent()) {
        checkPromise(promise.get(), manifest);
      }
    } catch (UnprovenException e) {
      outcome = e.outcome;
      reason = e.reason();
    }
    return new ReferenceProof(
        platform, named.image().toString(), named.origins(), digest, outcome, reason);
  }

  /**
   * What the metadata promise must be there by its digest, and be what the tag leads to. The tag
   * itself may point to an index of fewer platforms than the one that was collected.
   */
  private void checkPromise(ContainerImage promise, Digest manifest) throws UnprovenException {
    Reference name = promise.reference();
    Digest promised = serve(name.repository(), promise.digest());
    // A tag beside the same tag with another digest may mean either.
    boolean kept = promised.equals(manifest) && promise.manifest().equals(manifest);
    if (!kept && name.digest().isEmpty()) {
      throw new UnprovenException(
          Outcome.DAMAGED,
          "the metadata promise " + promise.manifest() + ", but its registry has " + manifest);
    }
  }

  private ReferenceProof suspected(DiscoveryReport.Finding finding) {
    Reference image;
    try {
      image = Reference.parse(finding.text());
    } catch (IllegalArgumentException e) {
      return unsure(finding, Outcome.SUSPECTED, finding.reason());
    }
    ReferenceProof proof = prove(new Named(image, finding.origins()), Optional.empty());
    if (proof.outcome() == Outcome.OK || isNeeded(finding, image)) {
      return proof;
    }
    return unsure(finding, Outcome.SUSPECTED, finding.reason());
  }

  /**
   * Whether nodes need an image that the files only make likely. Of kubeadm's images only the one
   * for the DNS of the cluster may be absent: a run leaves that addon out then. A version that is
   * not known cannot be asked for.
   */
  private static boolean isNeeded(DiscoveryReport.Finding finding, Reference image) {
    boolean ofNodes =
        finding.origins().stream()
            .anyMatch(origin -> origin.rule().equals(NodeImageDiscoverer.RULE));
    boolean named =
        finding.text().endsWith(":" + image.tag().orElse("")) || image.digest().isPresent();
    return ofNodes && named && !image.repository().matches("(?:.*/)?coredns");
  }

  private ReferenceProof unsure(DiscoveryReport.Finding finding, Outcome outcome, String reason) {
    return new ReferenceProof(
        platform, finding.text(), finding.origins(), Optional.empty(), outcome, reason);
  }

  /** What a name means: its digest, and its tag must be there all the same. */
  private Digest root(Reference image) throws UnprovenException {
    if (image.tag().isPresent() && tagged(image).isEmpty()) {
      throw missing(
          registry.hasRepository(image.repository())
              ? "its registry has no tag " + image.tag().get() + " of " + image.repository()
              : "its registry has no " + image.repository());
    }
    return image.digest().or(() -> tagged(image)).orElseThrow();
  }

  private Optional<Digest> tagged(Reference image) {
    return image.tag().flatMap(tag -> registry.link(RegistryTree.tagLink(image.repository(), tag)));
  }

  /** Serves a manifest or index by digest and gives the manifest of the platform. */
  private Digest serve(String repository, Digest digest) throws UnprovenException {
    return serve(repository, digest, 0, new HashSet<>());
  }

  /** The same of a nested one; {@code tried} are those that have been found of no use. */
  private Digest serve(String repository, Digest digest, int depth, Set<Digest> tried)
      throws UnprovenException {
    byte[] bytes = document(repository, digest);
    try {
      return OciJson.parse(bytes, digest.toString()).has("manifests")
          ? serveIndex(repository, digest, bytes, depth, tried)
          : serveManifest(repository, digest, bytes);
    } catch (SealerException e) {
      throw new UnprovenException(Outcome.DAMAGED, String.valueOf(e.getMessage()));
    }
  }

  private byte[] document(String repository, Digest digest) throws UnprovenException {
    if (registry.link(RegistryTree.revisionLink(repository, digest)).isEmpty()) {
      throw missing(repository + " has no " + digest + " in its registry");
    }
    return registry
        .document(digest)
        .orElseThrow(
            () -> missing("the document " + digest + " is missing, or not as its digest says"));
  }

  private Digest serveIndex(
      String repository, Digest digest, byte[] bytes, int depth, Set<Digest> tried)
      throws UnprovenException {
    if (depth == PlatformSearch.MAX_DEPTH) {
      throw missing("indexes are nested more than " + PlatformSearch.MAX_DEPTH + " deep");
    }
    UnprovenException last = missing("index " + digest + " names nothing for " + platform);
    for (Descriptor entry : OciIndex.parse(bytes, "index " + digest).manifests()) {
      boolean fits = entry.platform() == null || platform.equals(entry.platform());
      if (fits && tried.add(entry.digest())) {
        if (tried.size() > ImageReader.MAX_DOCUMENTS) {
          throw missing("indexes name more than " + ImageReader.MAX_DOCUMENTS + " manifests");
        }
        try {
          return serve(repository, entry.digest(), depth + 1, tried);
        } catch (UnprovenException e) {
          last = e;
        }
      }
    }
    throw last;
  }

  private Digest serveManifest(String repository, Digest digest, byte[] bytes)
      throws UnprovenException {
    OciManifest manifest = OciManifest.parse(bytes, "manifest " + digest);
    byte[] config =
        registry
            .document(manifest.config().digest())
            .orElseThrow(
                () ->
                    missing(
                        "configuration "
                            + manifest.config().digest()
                            + " is missing, or not as its digest says"));
    Platform actual = OciConfig.parse(config, "configuration").platform();
    if (actual != null && !actual.equals(platform)) {
      throw missing("manifest " + digest + " is for " + actual + ", not for " + platform);
    }
    List<Descriptor> blobs = new ArrayList<>(manifest.layers());
    blobs.add(manifest.config());
    for (Descriptor blob : blobs) {
      Optional<String> problem = registry.problem(blob);
      if (problem.isPresent()) {
        throw missing(problem.get());
      }
      if (registry.link(RegistryTree.layerLink(repository, blob.digest())).isEmpty()) {
        throw missing(repository + " does not serve blob " + blob.digest());
      }
    }
    return digest;
  }
}
