package cloud.sealer.sdk;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Points at a blob: what it is, how long it is, and what its bytes hash to.
 *
 * <p>The <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md">content
 * descriptor</a> of the OCI image specification.
 *
 * @param mediaType what the blob is
 * @param digest the hash of its bytes
 * @param size its length in bytes
 * @param platform the platform it is for, where an index says so
 * @param annotations free key-value pairs, sorted by key
 */
public record Descriptor(
    MediaType mediaType,
    Digest digest,
    long size,
    @Nullable Platform platform,
    Map<String, String> annotations) {
  /** Checks the parts and copies the annotations. */
  public Descriptor {
    Objects.requireNonNull(mediaType, "mediaType");
    Objects.requireNonNull(digest, "digest");
    if (size < 0) {
      throw new IllegalArgumentException("size must not be negative, got " + size);
    }
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  /**
   * A descriptor without platform and annotations.
   *
   * @param mediaType what the blob is
   * @param digest the hash of its bytes
   * @param size its length in bytes
   */
  public Descriptor(MediaType mediaType, Digest digest, long size) {
    this(mediaType, digest, size, null, Map.of());
  }

  /**
   * The same blob, for a platform.
   *
   * @param platform the platform
   * @return a copy that names the platform
   */
  public Descriptor withPlatform(Platform platform) {
    return new Descriptor(mediaType, digest, size, platform, annotations);
  }

  /**
   * The same blob with one more annotation.
   *
   * @param key the annotation's key
   * @param value its value
   * @return a copy that has the annotation
   */
  public Descriptor withAnnotation(String key, String value) {
    Map<String, String> more = new TreeMap<>(annotations);
    more.put(key, value);
    return new Descriptor(mediaType, digest, size, platform, more);
  }
}
