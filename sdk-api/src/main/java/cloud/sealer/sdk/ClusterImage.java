package cloud.sealer.sdk;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cluster image as a store holds it: an OCI image index with one manifest for each platform.
 *
 * @param reference the name it was asked for by
 * @param descriptor its index, or its manifest where it has no index
 * @param size the bytes of all its blobs, each counted once
 * @param platforms its contents by platform, sorted
 */
public record ClusterImage(
    Reference reference, Descriptor descriptor, long size, List<PlatformImage> platforms) {
  /** Checks and copies the parts. */
  public ClusterImage {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(descriptor, "descriptor");
    platforms = List.copyOf(platforms);
  }

  /**
   * What identifies the image: the digest of its index.
   *
   * @return the digest
   */
  public Digest digest() {
    return descriptor.digest();
  }

  /**
   * The content of a cluster image for one platform.
   *
   * @param platform the platform
   * @param manifest its manifest
   * @param config its OCI configuration
   * @param layers its layers, lowest first; collected blobs are marked by the annotation {@code
   *     cloud.sealer.blob}
   * @param metadata what is known of it
   */
  public record PlatformImage(
      Platform platform,
      Descriptor manifest,
      Descriptor config,
      List<Descriptor> layers,
      Metadata metadata) {
    /** Checks and copies the parts. */
    public PlatformImage {
      Objects.requireNonNull(platform, "platform");
      Objects.requireNonNull(manifest, "manifest");
      Objects.requireNonNull(config, "config");
      Objects.requireNonNull(metadata, "metadata");
      layers = List.copyOf(layers);
    }
  }

  /** What is known of a cluster image, kept in its manifest's annotations. */
  public static final class Metadata {
    private final @Nullable Instant created;
    private final @Nullable String base;
    private final @Nullable Digest baseDigest;
    private final Map<String, String> args;
    private final List<String> commands;
    private final @Nullable String kubernetesVersion;
    private final @Nullable String kubernetesRange;
    private final List<ContainerImage> containerImages;
    private final List<String> namedImages;
    private final @Nullable String clusterfile;

    private Metadata(Builder builder) {
      created = builder.created;
      base = builder.base;
      baseDigest = builder.baseDigest;
      args = Collections.unmodifiableMap(new TreeMap<>(builder.args));
      commands = List.copyOf(builder.commands);
      kubernetesVersion = builder.kubernetesVersion;
      kubernetesRange = builder.kubernetesRange;
      containerImages = List.copyOf(builder.containerImages);
      namedImages = builder.namedImages.stream().distinct().sorted().toList();
      clusterfile = builder.clusterfile;
    }

    /**
     * Starts metadata without any entry.
     *
     * @return an empty builder
     */
    public static Builder builder() {
      return new Builder();
    }

    /**
     * When the image was made; reproducible builds have a fixed time here.
     *
     * @return the time, if recorded
     */
    public Optional<Instant> created() {
      return Optional.ofNullable(created);
    }

    /**
     * The name of the image it was built on.
     *
     * @return the full name; empty for {@code scratch}
     */
    public Optional<String> base() {
      return Optional.ofNullable(base);
    }

    /**
     * The digest of the image it was built on.
     *
     * @return the digest; empty for {@code scratch}
     */
    public Optional<Digest> baseDigest() {
      return Optional.ofNullable(baseDigest);
    }

    /**
     * The values of the arguments of its Kubefile, for use by the commands. Of an argument that no
     * command uses only the default is kept, since a value given to the build may be a secret.
     *
     * @return names and values, sorted by name
     */
    public Map<String, String> args() {
      return args;
    }

    /**
     * The commands that start with the cluster: those of the base first, then its own.
     *
     * @return shell texts, in order
     */
    public List<String> commands() {
      return commands;
    }

    /**
     * The version of Kubernetes it carries.
     *
     * @return such as {@code v1.20.2}, if its {@code Metadata} file says so
     */
    public Optional<String> kubernetesVersion() {
      return Optional.ofNullable(kubernetesVersion);
    }

    /**
     * The versions of Kubernetes it can run on, as the {@code kubeVersion} of its charts says.
     *
     * @return such as {@code >=1.25.0-0, <1.31.0-0}, in Helm's syntax: what all its charts that say
     *     so, their enabled sub-charts and the base have in common
     */
    public Optional<String> kubernetesRange() {
      return Optional.ofNullable(kubernetesRange);
    }

    /**
     * All container images in its {@code registry/} tree, those of the base included.
     *
     * @return the images, sorted by name
     */
    public List<ContainerImage> containerImages() {
      return containerImages;
    }

    /**
     * The container images that an image made by sealer itself carries, of which no more than their
     * names is known. Version 0.9 lists them; of an older one {@link Images#inspect} finds them in
     * its {@code registry/} tree, which has repositories and tags without the registries that they
     * came from. They are no part of {@link #containerImages}, and are not inherited by what is
     * built on the image.
     *
     * @return the names, sorted, such as {@code docker.io/library/nginx:1.21} or {@code
     *     library/nginx:1.21}; empty for an image of this SDK
     */
    public List<String> namedImages() {
      return namedImages;
    }

    /**
     * The default Clusterfile: the text of {@code etc/Clusterfile}.
     *
     * @return YAML, if the image has one
     */
    public Optional<String> clusterfile() {
      return Optional.ofNullable(clusterfile);
    }

    /**
     * Starts with these entries.
     *
     * @return a builder that has all of them
     */
    public Builder toBuilder() {
      Builder builder = new Builder();
      builder.created = created;
      builder.base = base;
      builder.baseDigest = baseDigest;
      builder.args = args;
      builder.commands = commands;
      builder.kubernetesVersion = kubernetesVersion;
      builder.kubernetesRange = kubernetesRange;
      builder.containerImages = containerImages;
      builder.namedImages = namedImages;
      builder.clusterfile = clusterfile;
      return builder;
    }

    private List<Object> parts() {
      return List.of(
          created(),
          base(),
          baseDigest(),
          args,
          commands,
          kubernetesVersion(),
          kubernetesRange(),
          containerImages,
          namedImages,
          clusterfile());
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Metadata metadata && parts().equals(metadata.parts());
    }

    @Override
    public int hashCode() {
      return parts().hashCode();
    }

    // Without the values of arguments, which are of no use in a log.
    @Override
    public String toString() {
      return "Metadata[kubernetesVersion="
          + kubernetesVersion
          + ", base="
          + base
          + ", commands="
          + commands
          + ", containerImages="
          + containerImages.size()
          + "]";
    }

    /** Collects {@link Metadata}. Not thread-safe. */
    public static final class Builder {
      private @Nullable Instant created;
      private @Nullable String base;
      private @Nullable Digest baseDigest;
      private Map<String, String> args = Map.of();
      private List<String> commands = List.of();
      private @Nullable String kubernetesVersion;
      private @Nullable String kubernetesRange;
      private List<ContainerImage> containerImages = List.of();
      private List<String> namedImages = List.of();
      private @Nullable String clusterfile;

      private Builder() {}

      /**
       * Sets when the image was made.
       *
       * @param created the time
       * @return this builder
       */
      public Builder created(@Nullable Instant created) {
        this.created = created;
        return this;
      }

      /**
       * Sets the image it was built on.
       *
       * @param base its full name; null for {@code scratch}
       * @param digest its digest; null for {@code scratch}
       * @return this builder
       */
      public Builder base(@Nullable String base, @Nullable Digest digest) {
        this.base = base;
        this.baseDigest = digest;
        return this;
      }

      /**
       * Sets the declared arguments.
       *
       * @param args names and values
       * @return this builder
       */
      public Builder args(Map<String, String> args) {
        this.args = args;
        return this;
      }

      /**
       * Sets the commands.
       *
       * @param commands shell texts, in order
       * @return this builder
       */
      public Builder commands(List<String> commands) {
        this.commands = commands;
        return this;
      }

      /**
       * Sets the version of Kubernetes.
       *
       * @param version such as {@code v1.20.2}
       * @return this builder
       */
      public Builder kubernetesVersion(@Nullable String version) {
        this.kubernetesVersion = version;
        return this;
      }

      /**
       * Sets the versions of Kubernetes it can run on.
       *
       * @param range such as {@code >=1.25.0-0}
       * @return this builder
       */
      public Builder kubernetesRange(@Nullable String range) {
        this.kubernetesRange = range;
        return this;
      }

      /**
       * Sets the container images.
       *
       * @param images the images
       * @return this builder
       */
      public Builder containerImages(List<ContainerImage> images) {
        this.containerImages = images;
        return this;
      }

      /**
       * Sets the names of container images of which no more is known.
       *
       * @param names the names
       * @return this builder
       */
      public Builder namedImages(List<String> names) {
        this.namedImages = names;
        return this;
      }

      /**
       * Sets the default Clusterfile.
       *
       * @param yaml its text
       * @return this builder
       */
      public Builder clusterfile(@Nullable String yaml) {
        this.clusterfile = yaml;
        return this;
      }

      /**
       * Makes the metadata.
       *
       * @return the metadata
       */
      public Metadata build() {
        return new Metadata(this);
      }
    }
  }
}
