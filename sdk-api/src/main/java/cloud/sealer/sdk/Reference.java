package cloud.sealer.sdk;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The full name of an image: {@code registry/repository[:tag][@digest]}.
 *
 * <p>Parsing completes what is left out with {@link Defaults} by the rules docker uses, so two
 * spellings of one name are equal references. The grammar is that of the <a
 * href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests">OCI
 * distribution specification</a>.
 */
public final class Reference implements Comparable<Reference> {
  private static final Pattern COMPONENT =
      Pattern.compile("[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern REGISTRY =
      Pattern.compile(
          "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
              + "(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\\[[0-9a-fA-F:]+\\])(?::[0-9]{1,5})?");
  private static final int MAX_REPOSITORY_LENGTH = 255;

  /** More than any valid name has; keeps foreign texts from the expressions above. */
  private static final int MAX_LENGTH = 1024;

  private final String registry;
  private final String repository;
  private final @Nullable String tag;
  private final @Nullable Digest digest;

  /**
   * What completes a short name.
   *
   * @param registry the registry of a name that has none
   * @param namespace the leading path of a repository of one element in that registry
   */
  public record Defaults(String registry, String namespace) {
    /** Docker's rules, for container images: {@code nginx} is {@code docker.io/library/nginx}. */
    public static final Defaults DOCKER = new Defaults("docker.io", "library");

    /**
     * sealer's rules, for cluster images: {@code kubernetes} is {@code
     * registry.cn-qingdao.aliyuncs.com/sealer-io/kubernetes}.
     */
    public static final Defaults SEALER =
        new Defaults("registry.cn-qingdao.aliyuncs.com", "sealer-io");

    /**
     * Where the images of sealer since 0.9 are: {@code kubernetes} is {@code
     * docker.io/sealerio/kubernetes}.
     */
    public static final Defaults SEALERIO = new Defaults("docker.io", "sealerio");

    /** Checks that both parts can stand in a name. */
    public Defaults {
      if (!REGISTRY.matcher(registry).matches()) {
        throw new IllegalArgumentException("not a registry: \"" + registry + "\"");
      }
      if (!namespace.isEmpty()) {
        checkRepository(namespace, namespace);
      }
    }
  }

  private Reference(
      String registry, String repository, @Nullable String tag, @Nullable Digest digest) {
    this.registry = registry;
    this.repository = repository;
    this.tag = tag;
    this.digest = digest;
  }

  /**
   * Reads the name of a container image by docker's rules.
   *
   * @param text the name as a manifest has it
   * @return the full name; without tag and digest it gets the tag {@code latest}
   * @throws IllegalArgumentException if the text is not a name; the message says why
   */
  public static Reference parse(String text) {
    return parse(text, Defaults.DOCKER);
  }

  /**
   * Reads a name.
   *
   * @param text the name
   * @param defaults what completes a short name
   * @return the full name; without tag and digest it gets the tag {@code latest}
   * @throws IllegalArgumentException if the text is not a name; the message says why
   */
  public static Reference parse(String text, Defaults defaults) {
    String rest = text.strip();
    if (rest.isEmpty()) {
      throw new IllegalArgumentException("image name is empty");
    }
    if (rest.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "image name is longer than "
              + MAX_LENGTH
              + " characters: \""
              + rest.substring(0, 40)
              + "…\"");
    }
    Digest digest = null;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Digest.parse(rest.substring(at + 1));
      rest = rest.substring(0, at);
    }
    int slash = rest.indexOf('/');
    String registry = defaults.registry();
    if (slash > 0 && isRegistry(rest.substring(0, slash))) {
      registry = rest.substring(0, slash);
      rest = rest.substring(slash + 1);
      if (registry.equals("index.docker.io")) {
        registry = "docker.io";
      }
    }
    String tag = null;
    int colon = rest.indexOf(':');
    if (colon >= 0) {
      tag = rest.substring(colon + 1);
      rest = rest.substring(0, colon);
      if (!TAG.matcher(tag).matches()) {
        throw new IllegalArgumentException(
            "bad tag \"" + tag + "\" in image name \"" + text + "\"");
      }
    } else if (digest == null) {
      tag = "latest";
    }
    if (!REGISTRY.matcher(registry).matches()) {
      throw new IllegalArgumentException(
          "bad registry \"" + registry + "\" in image name \"" + text + "\"");
    }
    String namespace = namespace(registry, defaults);
    if (rest.indexOf('/') < 0 && !namespace.isEmpty()) {
      rest = namespace + "/" + rest;
    }
    checkRepository(rest, text);
    return new Reference(registry, rest, tag, digest);
  }

  /** Docker's registry has a leading path of its own, whatever the defaults. */
  private static String namespace(String registry, Defaults defaults) {
    if (registry.equals(defaults.registry())) {
      return defaults.namespace();
    }
    return registry.equals(Defaults.DOCKER.registry()) ? Defaults.DOCKER.namespace() : "";
  }

  private static boolean isRegistry(String first) {
    return first.indexOf('.') >= 0 || first.indexOf(':') >= 0 || first.equals("localhost");
  }

  private static void checkRepository(String repository, String text) {
    if (repository.length() > MAX_REPOSITORY_LENGTH) {
      throw new IllegalArgumentException(
          "repository is longer than "
              + MAX_REPOSITORY_LENGTH
              + " characters in image name \""
              + text
              + "\"");
    }
    for (String component : repository.split("/", -1)) {
      if (!COMPONENT.matcher(component).matches()) {
        throw new IllegalArgumentException(
            "bad repository part \""
                + component
                + "\" in image name \""
                + text
                + "\" (lower-case letters, digits, and single separators . _ - between them)");
      }
    }
  }

  /**
   * The host, with port if there is one.
   *
   * @return such as {@code docker.io} or {@code 127.0.0.1:5000}
   */
  public String registry() {
    return registry;
  }

  /**
   * The path of the image in its registry.
   *
   * @return such as {@code library/nginx}
   */
  public String repository() {
    return repository;
  }

  /**
   * The tag.
   *
   * @return the tag; empty if the name has only a digest
   */
  public Optional<String> tag() {
    return Optional.ofNullable(tag);
  }

  /**
   * The digest the name is pinned to.
   *
   * @return the digest, if the name has one
   */
  public Optional<Digest> digest() {
    return Optional.ofNullable(digest);
  }

  /**
   * The same repository by digest, without tag.
   *
   * @param digest the digest of a manifest or index
   * @return the name {@code registry/repository@digest}
   */
  public Reference withDigest(Digest digest) {
    return new Reference(registry, repository, null, Objects.requireNonNull(digest, "digest"));
  }

  /**
   * The same repository by tag, without digest.
   *
   * @param tag the tag
   * @return the name {@code registry/repository:tag}
   * @throws IllegalArgumentException if the tag has characters that no tag may have
   */
  public Reference withTag(String tag) {
    if (!TAG.matcher(tag).matches()) {
      throw new IllegalArgumentException("bad tag \"" + tag + "\"");
    }
    return new Reference(registry, repository, tag, null);
  }

  /**
   * The same tag and digest in another repository, such as that of a mirror.
   *
   * @param registry its host, with port if there is one
   * @param repository its path
   * @return the name there
   * @throws IllegalArgumentException if one of them cannot stand in a name
   */
  public Reference relocate(String registry, String repository) {
    if (!REGISTRY.matcher(registry).matches()) {
      throw new IllegalArgumentException("not a registry: \"" + registry + "\"");
    }
    checkRepository(repository, registry + "/" + repository);
    return new Reference(registry, repository, tag, digest);
  }

  /**
   * The shortest spelling that parses to this reference with the same defaults.
   *
   * @param defaults what completes a short name
   * @return such as {@code nginx:1.21} for {@code docker.io/library/nginx:1.21}
   */
  public String familiar(Defaults defaults) {
    String namespace = namespace(registry, defaults);
    String name = repository;
    if (!namespace.isEmpty()
        && repository.startsWith(namespace + "/")
        && repository.indexOf('/', namespace.length() + 1) < 0) {
      name = repository.substring(namespace.length() + 1);
    }
    int slash = name.indexOf('/');
    boolean misread = slash > 0 && isRegistry(name.substring(0, slash));
    boolean named = !registry.equals(defaults.registry()) || misread;
    return (named ? registry + "/" : "") + name + suffix();
  }

  private String suffix() {
    return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
  }

  @Override
  public int compareTo(Reference other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Reference that
        && registry.equals(that.registry)
        && repository.equals(that.repository)
        && Objects.equals(tag, that.tag)
        && Objects.equals(digest, that.digest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(registry, repository, tag, digest);
  }

  /** Returns the full name, {@code registry/repository[:tag][@digest]}. */
  @Override
  public String toString() {
    return registry + "/" + repository + suffix();
  }
}
