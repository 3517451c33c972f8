package cloud.sealer.core.image;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.RegistryClient.Manifest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks through an index, and those it lists, for the image of one platform. An entry that names
 * its platform is believed; what an entry without platform is for is said by its configuration. Not
 * thread-safe.
 */
public final class PlatformSearch {
  /** How deep indexes may be nested, the outermost included. */
  static final int MAX_DEPTH = 4;

  private static final int MAX_FETCHED = 64;

  private final Reference reference;
  private final Platform platform;
  private final Source source;
  private final List<Platform> others = new ArrayList<>();
  private final Deque<Manifest> path = new ArrayDeque<>();
  private int fetched;

  private PlatformSearch(Reference reference, Platform platform, Source source) {
    this.reference = reference;
    this.platform = platform;
    this.source = source;
  }

  /** Where the documents come from. */
  public interface Source {
    /** Gets an index or manifest that an index lists. */
    Manifest document(Descriptor entry);

    /** Gets a configuration. */
    byte[] config(Descriptor config);
  }

  /**
   * An image for the platform.
   *
   * @param path the documents that lead to it, outermost first; the last is its manifest
   * @param manifest what its manifest says
   * @param config the bytes of its configuration
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Found(List<Manifest> path, OciManifest manifest, byte[] config) {
    /** Copies the path. */
    public Found {
      path = List.copyOf(path);
    }

    /** Points to its manifest. */
    public Descriptor descriptor() {
      return path.get(path.size() - 1).descriptor();
    }
  }

  /**
   * Finds what an index or manifest has for a platform.
   *
   * @param reference its name, for messages
   * @param root the index or manifest; a manifest whose configuration names no platform is taken
   * @param platform the platform
   * @param source where the other documents come from
   * @throws SealerException with {@link ErrorCode#PLATFORM_NOT_FOUND}, or {@link
   *     ErrorCode#IMAGE_UNSUPPORTED} if there are more documents than any index needs
   */
  public static Found find(Reference reference, Manifest root, Platform platform, Source source) {
    PlatformSearch search = new PlatformSearch(reference, platform, source);
    if (root.descriptor().mediaType().isIndex()) {
      return search
          .in(root)
          .orElseThrow(() -> PlatformChoice.missing(reference, platform, search.others));
    }
    Candidate image = search.candidate(root);
    Platform actual = image.platform();
    if (actual != null && !actual.equals(platform)) {
      throw PlatformChoice.missing(reference, platform, List.of(actual));
    }
    search.path.addLast(root);
    return search.found(image);
  }

  /** A manifest that may be the one, and the platform that its configuration names. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Candidate(OciManifest manifest, byte[] config, @Nullable Platform platform) {}

  private Candidate candidate(Manifest document) {
    OciManifest manifest = parse(document);
    byte[] config = source.config(manifest.config());
    String where = "configuration " + manifest.config().digest() + " of " + reference;
    return new Candidate(manifest, config, OciConfig.parse(config, where).platform());
  }

  private OciManifest parse(Manifest document) {
    return OciManifest.parse(
        document.bytes(), "manifest " + document.descriptor().digest() + " of image " + reference);
  }

  private Found found(Candidate image) {
    return new Found(new ArrayList<>(path), image.manifest(), image.config());
  }

  private Optional<Found> in(Manifest index) {
    if (path.size() == MAX_DEPTH) {
      throw unsupported("nests indexes more than " + MAX_DEPTH + " deep");
    }
    path.addLast(index);
    String where = "index " + index.descriptor().digest() + " of " + reference;
    List<Descriptor> entries = OciIndex.parse(index.bytes(), where).manifests();
    for (Descriptor entry : entries) {
      if (platform.equals(entry.platform())) {
        Optional<Found> found = at(entry);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    for (Descriptor entry : entries) {
      Platform named = entry.platform();
      if (named != null) {
        others.add(named);
      } else if (entry.mediaType().isIndex() || entry.mediaType().isManifest()) {
        Optional<Found> found = at(entry);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    path.removeLast();
    return Optional.empty();
  }

  private Optional<Found> at(Descriptor entry) {
    if (++fetched > MAX_FETCHED) {
      throw unsupported("lists more than " + MAX_FETCHED + " images without their platforms");
    }
    Manifest document = source.document(entry);
    if (document.descriptor().mediaType().isIndex()) {
      return in(document);
    }
    // An index may also list charts, signatures and the like.
    if (entry.platform() == null && !OciConfig.isConfig(parse(document).config())) {
      return Optional.empty();
    }
    Candidate image = candidate(document);
    Platform actual = entry.platform() == null ? image.platform() : entry.platform();
    if (!platform.equals(actual)) {
      Optional.ofNullable(actual).ifPresent(others::add);
      return Optional.empty();
    }
    path.addLast(document);
    return Optional.of(found(image));
  }

  private SealerException unsupported(String reason) {
    return SealerException.builder(ErrorCode.IMAGE_UNSUPPORTED, "image " + reference + " " + reason)
        .remedy("push the image again with an index that names the platform of each image")
        .build();
  }
}
