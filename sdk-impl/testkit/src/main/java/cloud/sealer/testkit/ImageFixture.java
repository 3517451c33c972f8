package cloud.sealer.testkit;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Platform;
import cloud.sealer.sdk.Reference;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A container image that {@link ContainerImages} made, to be put into registries. Immutable; layers
 * are generated whenever they are needed.
 */
public final class ImageFixture {
  private final String repository;
  private final String tag;
  private final Descriptor top;
  private final Map<Platform, Descriptor> manifests;
  private final Parts parts;

  ImageFixture(
      String repository,
      String tag,
      Descriptor top,
      Map<Platform, Descriptor> manifests,
      Parts parts) {
    this.repository = repository;
    this.tag = tag;
    this.top = top;
    this.manifests = Collections.unmodifiableMap(new LinkedHashMap<>(manifests));
    this.parts = parts;
  }

  /**
   * The blobs and manifests of an image, each once, in the order in which a registry takes them.
   */
  static final class Parts {
    private final Map<Descriptor, BlobContent> layers = new LinkedHashMap<>();
    private final Map<Descriptor, byte[]> configs = new LinkedHashMap<>();
    private final Map<Descriptor, byte[]> manifests = new LinkedHashMap<>();

    void layer(Descriptor descriptor, BlobContent content) {
      layers.putIfAbsent(descriptor, content);
    }

    Descriptor config(MediaType mediaType, String json) {
      return add(configs, mediaType, json);
    }

    Descriptor manifest(MediaType mediaType, String json) {
      return add(manifests, mediaType, json);
    }

    private static Descriptor add(Map<Descriptor, byte[]> to, MediaType mediaType, String json) {
      byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
      Descriptor descriptor = new Descriptor(mediaType, Hashing.sha256(bytes), bytes.length);
      to.put(descriptor, bytes);
      return descriptor;
    }
  }

  /**
   * Its repository.
   *
   * @return such as {@code library/nginx}
   */
  public String repository() {
    return repository;
  }

  /**
   * Its tag.
   *
   * @return such as {@code 1.21}
   */
  public String tag() {
    return tag;
  }

  /**
   * Its manifest, or its index if it is for several platforms.
   *
   * @return what the tag points to
   */
  public Descriptor descriptor() {
    return top;
  }

  /**
   * The digest of its manifest or index.
   *
   * @return the digest
   */
  public Digest digest() {
    return top.digest();
  }

  /**
   * The manifest for each platform.
   *
   * @return platforms in the order of the index
   */
  public Map<Platform, Descriptor> manifests() {
    return manifests;
  }

  /**
   * The layers of all platforms.
   *
   * @return each layer once
   */
  public List<Descriptor> layers() {
    return List.copyOf(parts.layers.keySet());
  }

  /**
   * The layers and configurations of all platforms.
   *
   * @return each blob once
   */
  public List<Descriptor> blobs() {
    List<Descriptor> blobs = new ArrayList<>(parts.layers.keySet());
    blobs.addAll(parts.configs.keySet());
    return List.copyOf(blobs);
  }

  /**
   * The bytes of a manifest, an index or a configuration of the image.
   *
   * @param digest its digest
   * @return a copy of the bytes
   * @throws IllegalArgumentException if the image has none with that digest
   */
  public byte[] document(Digest digest) {
    Map<Descriptor, byte[]> documents = new LinkedHashMap<>(parts.manifests);
    documents.putAll(parts.configs);
    return documents.entrySet().stream()
        .filter(e -> e.getKey().digest().equals(digest))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the image has no document " + digest))
        .getValue()
        .clone();
  }

  /**
   * Its name in a registry.
   *
   * @param registry host and port, such as {@link EmbeddedRegistry#address}
   * @return the name, by tag
   */
  public Reference reference(String registry) {
    return Reference.parse(registry + "/" + repository + ":" + tag);
  }

  /**
   * Its name in a registry, by digest.
   *
   * @param registry host and port
   * @return the name, without tag
   */
  public Reference pinned(String registry) {
    return reference(registry).withDigest(digest());
  }

  /**
   * Puts it into an embedded registry directly: without requests, authentication and faults.
   *
   * @param registry the registry
   * @return its name there, by tag
   */
  public Reference putInto(EmbeddedRegistry registry) {
    RegistryStorage storage = registry.storage();
    try {
      for (Map.Entry<Descriptor, BlobContent> layer : parts.layers.entrySet()) {
        put(storage, layer.getKey().digest(), layer.getValue());
      }
      for (Map.Entry<Descriptor, byte[]> config : parts.configs.entrySet()) {
        put(storage, config.getKey().digest(), out -> out.write(config.getValue()));
      }
      for (Map.Entry<Descriptor, byte[]> manifest : parts.manifests.entrySet()) {
        Descriptor descriptor = manifest.getKey();
        storage.putManifest(
            repository, descriptor.digest(), descriptor.mediaType().value(), manifest.getValue());
      }
      storage.putTag(repository, tag, top.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reference(registry.address());
  }

  private void put(RegistryStorage storage, Digest digest, BlobContent content) throws IOException {
    if (!Files.exists(storage.blob(digest))) {
      Path file = storage.upload(storage.newUpload());
      try (OutputStream out = Files.newOutputStream(file)) {
        content.writeTo(out);
      }
      storage.keep(file, digest);
    }
    storage.linkBlob(repository, digest);
  }

  /**
   * Pushes it to any registry that takes everything from everybody over plain HTTP.
   *
   * @param registry host and port
   * @return its name there, by tag
   * @throws UncheckedIOException if the registry does not take it
   */
  public Reference pushTo(String registry) {
    PlainPush push = new PlainPush(registry, repository);
    try {
      for (Map.Entry<Descriptor, BlobContent> layer : parts.layers.entrySet()) {
        push.blob(layer.getKey(), layer.getValue());
      }
      for (Map.Entry<Descriptor, byte[]> config : parts.configs.entrySet()) {
        push.blob(config.getKey(), out -> out.write(config.getValue()));
      }
      for (Map.Entry<Descriptor, byte[]> manifest : parts.manifests.entrySet()) {
        boolean last = manifest.getKey().equals(top);
        String name = last ? tag : manifest.getKey().digest().toString();
        push.manifest(name, manifest.getKey(), manifest.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot push to " + registry + ": " + e.getMessage(), e);
    }
    return reference(registry);
  }

  /** Returns {@code repository:tag@digest}. */
  @Override
  public String toString() {
    return repository + ":" + tag + "@" + digest();
  }
}
