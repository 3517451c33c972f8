package cloud.sealer.core.image;

import cloud.sealer.sdk.ClusterImage;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.LayerStore;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds images of a store by what users call them. */
public final class Names {
  private static final Pattern DIGEST = Pattern.compile("(?:(sha256|sha512):)?([0-9a-f]{4,128})");

  private final LayerStore store;
  private final Reference.Defaults defaults;

  /** The names of a store, completed with the given defaults. */
  public Names(LayerStore store, Reference.Defaults defaults) {
    this.store = store;
    this.defaults = defaults;
  }

  /**
   * An image in the store.
   *
   * @param reference the name it has, or was asked for by
   * @param image its index or manifest
   */
  public record Found(Reference reference, Descriptor image) {}

  /** Reads a name that a user wrote. */
  public Reference parse(String name) {
    try {
      return Reference.parse(name, defaults);
    } catch (IllegalArgumentException e) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST, "\"" + name + "\" is not an image name: " + e.getMessage())
          .remedy("write it as [registry/]repository[:tag]")
          .cause(e)
          .build();
    }
  }

  /** The form of a name that stands in the store. */
  public String stored(Reference reference) {
    return reference.familiar(defaults);
  }

  /** Everything that has a name this library understands. */
  public Map<Reference, Descriptor> all() {
    Map<Reference, Descriptor> all = new TreeMap<>();
    store
        .names()
        .forEach(
            (name, image) ->
                understand(name, image).ifPresent(f -> all.put(f.reference(), f.image())));
    return all;
  }

  private Optional<Found> understand(String name, Descriptor image) {
    boolean isImage =
        (image.mediaType().isIndex() || image.mediaType().isManifest())
            && Attachment.parse(name, image).isEmpty();
    try {
      return isImage
          ? Optional.of(new Found(Reference.parse(name, defaults), image))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Looks an image up by name only. */
  public Optional<Descriptor> find(Reference reference) {
    Descriptor image = store.names().get(stored(reference));
    if (image != null) {
      return Optional.of(image);
    }
    if (reference.digest().isPresent()) {
      return all().entrySet().stream()
          .filter(entry -> entry.getKey().repository().equals(reference.repository()))
          .filter(entry -> entry.getKey().registry().equals(reference.registry()))
          .map(Map.Entry::getValue)
          .filter(found -> found.digest().equals(reference.digest().get()))
          .findFirst();
    }
    return Optional.empty();
  }

  /** Looks an image up by name, by digest, or by the start of a digest. */
  public Found resolve(String nameOrDigest) {
    Map<Reference, Descriptor> matching = withDigest(nameOrDigest);
    long different = matching.values().stream().map(Descriptor::digest).distinct().count();
    if (different > 1) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              "\"" + nameOrDigest + "\" is the start of the digests of " + different + " images")
          .remedy("give more digits")
          .build();
    }
    if (different == 1) {
      var only = matching.entrySet().iterator().next();
      return new Found(only.getKey(), only.getValue());
    }
    if (isDigest(nameOrDigest)) {
      throw notFound(nameOrDigest.strip()); // a name of that look must not stand in for it
    }
    Reference reference = parse(nameOrDigest);
    Descriptor image = find(reference).orElseThrow(() -> notFound(stored(reference)));
    return new Found(reference, image);
  }

  /** Looks up one name: a digest will do if the image has no other. */
  Found resolveName(String nameOrDigest) {
    Found found = resolve(nameOrDigest);
    Map<Reference, Descriptor> matching = withDigest(nameOrDigest);
    if (matching.size() > 1) {
      throw SealerException.builder(
              ErrorCode.INVALID_REQUEST,
              matching.keySet().stream()
                  .map(this::stored)
                  .collect(
                      Collectors.joining(", ", "\"" + nameOrDigest + "\" has several names: ", "")))
          .remedy("give one of them")
          .build();
    }
    return found;
  }

  private static boolean isDigest(String text) {
    var matcher = DIGEST.matcher(text.strip());
    return matcher.matches() && matcher.group(1) != null;
  }

  /** The images whose digest starts so, if the text may be a digest. */
  private Map<Reference, Descriptor> withDigest(String text) {
    Map<Reference, Descriptor> matching = new TreeMap<>();
    var matcher = DIGEST.matcher(text.strip());
    if (matcher.matches()) {
      String algorithm = matcher.group(1);
      matching.putAll(all());
      matching
          .values()
          .removeIf(
              image ->
                  !image.digest().hex().startsWith(matcher.group(2))
                      || (algorithm != null && !image.digest().algorithm().equals(algorithm)));
    }
    return matching;
  }

  static SealerException notFound(String name) {
    return SealerException.builder(
            ErrorCode.IMAGE_NOT_FOUND, "no image \"" + name + "\" in the store")
        .remedy("list the images, or pull or build it first")
        .detail("reference", name)
        .build();
  }

  /** Reads an image for the public API. */
  public ClusterImage read(Found found) {
    return new ImageReader(store).read(found.reference(), found.image());
  }
}
