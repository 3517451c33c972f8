package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A manifest that is attached to another: by its {@code subject}, or by a tag that cosign derives
 * from the digest of the other, {@code sha256-<hex>.sig} and the like.
 *
 * @param subject the digest of the other
 * @param kind the end of cosign's tag, such as {@code sig}; empty if it is attached by its subject
 * @param manifest the manifest
 */
public record Attachment(Digest subject, String kind, Descriptor manifest) {
  /** The kind of cosign's signatures. */
  public static final String SIGNATURE = "sig";

  /** What cosign attaches by tag: signatures, attestations and bills of materials. */
  public static final List<String> COSIGN_KINDS = List.of(SIGNATURE, "att", "sbom");

  private static final Pattern NAME =
      Pattern.compile("(sha256|sha512)-([0-9a-f]{64,128})\\.(sig|att|sbom|[0-9a-f]{64,128})");
  private static final int TAG_DIGITS = 64;

  /**
   * Reads the name under which a store or an archive has an attachment.
   *
   * @return empty if it is the name of something else
   */
  public static Optional<Attachment> parse(@Nullable String name, Descriptor manifest) {
    Matcher matcher = NAME.matcher(name == null ? "" : name);
    if (!matcher.matches() || !manifest.mediaType().isManifest()) {
      return Optional.empty();
    }
    String kind = COSIGN_KINDS.contains(matcher.group(3)) ? matcher.group(3) : "";
    try {
      Digest subject = new Digest(matcher.group(1), matcher.group(2));
      return Optional.of(new Attachment(subject, kind, plain(manifest)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static Descriptor plain(Descriptor manifest) {
    return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.size());
  }

  /** The tag by which cosign attaches something of a kind to a manifest. */
  public static String tag(Digest subject, String kind) {
    return fallbackTag(subject) + "." + kind;
  }

  /**
   * The tag of the index that lists what is attached to a manifest, where a registry has no
   * referrers API.
   */
  public static String fallbackTag(Digest subject) {
    String hex = subject.hex();
    return subject.algorithm() + "-" + hex.substring(0, Math.min(hex.length(), TAG_DIGITS));
  }

  /** What to call it in a store and an archive. */
  String name() {
    String end = kind.isEmpty() ? manifest.digest().hex() : kind;
    return subject.algorithm() + "-" + subject.hex() + "." + end;
  }

  /** The type it has as a referrer, given what its manifest says. */
  public String artifactType(ArtifactManifest content) {
    return kind.isEmpty()
        ? content.artifactType()
        : "application/vnd.dev.cosign.artifact." + kind + ".v1+json";
  }

  /** The descriptor with the annotations of the manifest. */
  public Descriptor descriptor(ArtifactManifest content) {
    return new Descriptor(
        manifest.mediaType(),
        manifest.digest(),
        manifest.size(),
        null,
        Map.copyOf(content.annotations()));
  }
}
