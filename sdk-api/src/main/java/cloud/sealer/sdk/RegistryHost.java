package cloud.sealer.sdk;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How one registry is reached, where that differs from the rest. Immutable.
 *
 * <pre>{@code
 * RegistryOptions.builder()
 *     .host(RegistryHost.builder("registry.example.com:5000")
 *         .authority(Path.of("company-ca.pem"))
 *         .clientCertificate(Path.of("me.cert"), Path.of("me.key"))
 *         .build())
 *     .host(RegistryHost.builder("docker.io").mirror("mirror.example.com/hub").build())
 * }</pre>
 *
 * <p>Authorities and proxy also count for the servers that the registry leads to, its token service
 * and its object store, unless these have settings of their own. The client certificate, {@link
 * #insecure} and {@link #plainHttp} never do.
 */
public final class RegistryHost {
  private final String host;
  private final boolean plainHttp;
  private final boolean insecure;
  private final List<Path> authorities;
  private final @Nullable ClientCertificate clientCertificate;
  private final @Nullable HttpProxy proxy;
  private final List<Mirror> mirrors;

  private RegistryHost(Builder builder) {
    host = builder.host;
    plainHttp = builder.plainHttp;
    insecure = builder.insecure;
    authorities = List.copyOf(builder.authorities);
    clientCertificate = builder.clientCertificate;
    proxy = builder.proxy;
    mirrors = List.copyOf(builder.mirrors);
  }

  /**
   * Starts the settings of a registry.
   *
   * @param host its host as image names have it, with port if there is one, such as {@code
   *     docker.io} or {@code 127.0.0.1:5000}
   * @return a builder with the defaults
   */
  public static Builder builder(String host) {
    return new Builder(host);
  }

  /**
   * Starts settings from these.
   *
   * @return a builder with the values of this
   */
  public Builder toBuilder() {
    Builder builder = new Builder(host);
    builder.plainHttp = plainHttp;
    builder.insecure = insecure;
    builder.authorities.addAll(authorities);
    builder.clientCertificate = clientCertificate;
    builder.proxy = proxy;
    builder.mirrors.addAll(mirrors);
    return builder;
  }

  /**
   * Which registry.
   *
   * @return its host, with port if there is one
   */
  public String host() {
    return host;
  }

  /**
   * Whether it is asked over plain HTTP.
   *
   * @return false for HTTPS
   */
  public boolean plainHttp() {
    return plainHttp;
  }

  /**
   * Whether any certificate of it is taken. Whoever is on the way can then read and change
   * everything, passwords included.
   *
   * @return false by default
   */
  public boolean insecure() {
    return insecure;
  }

  /**
   * The certificate authorities to trust beside those the JVM trusts.
   *
   * @return files with certificates in PEM form, any number in each
   */
  public List<Path> authorities() {
    return authorities;
  }

  /**
   * What proves to the registry who we are, if it asks for a certificate.
   *
   * @return the certificate with its key
   */
  public Optional<ClientCertificate> clientCertificate() {
    return Optional.ofNullable(clientCertificate);
  }

  /**
   * The proxy to go through, in place of the one for all.
   *
   * @return the proxy; empty for the one of {@link RegistryOptions#proxy}
   */
  public Optional<HttpProxy> proxy() {
    return Optional.ofNullable(proxy);
  }

  /**
   * The registries that may have what this one has.
   *
   * @return the mirrors, in the order they are asked
   */
  public List<Mirror> mirrors() {
    return mirrors;
  }

  /** Returns the host. */
  @Override
  public String toString() {
    return host;
  }

  /**
   * A certificate and its private key. Not a record: it knows how to get a secret.
   *
   * <p>The files are read when the registry is first asked.
   */
  public static final class ClientCertificate {
    private final Path certificate;
    private final Path key;
    private final Supplier<char[]> password;

    private ClientCertificate(Path certificate, Path key, Supplier<char[]> password) {
      this.certificate = Objects.requireNonNull(certificate, "certificate");
      this.key = Objects.requireNonNull(key, "key");
      this.password = Objects.requireNonNull(password, "password");
    }

    /**
     * The file with the certificate, and the certificates that lead to its authority.
     *
     * @return a file in PEM form, the certificate itself first
     */
    public Path certificate() {
      return certificate;
    }

    /**
     * The file with the private key.
     *
     * @return a file in PEM form: PKCS#8, also encrypted, PKCS#1 or SEC 1
     */
    public Path key() {
      return key;
    }

    /**
     * What the key is encrypted with. Asked only if it is.
     *
     * @return gives the password, in an array that is cleared after use
     */
    public Supplier<char[]> password() {
      return password;
    }
  }

  /**
   * A registry that may have what another one has. How it is reached, and who to be there, is said
   * for its own host; credentials of the other registry never go to it.
   *
   * @param host its host, with port if there is one
   * @param path what stands before the repository there; empty for nothing
   */
  public record Mirror(String host, String path) {
    /** Checks the parts. */
    public Mirror {
      Objects.requireNonNull(host, "host");
      Objects.requireNonNull(path, "path");
      Reference.parse("image").relocate(host, path.isEmpty() ? "image" : path + "/image");
    }

    /**
     * Reads a mirror.
     *
     * @param text {@code host[:port][/path]}
     * @return the mirror
     */
    public static Mirror parse(String text) {
      if (text.contains("://")) {
        throw new IllegalArgumentException(
            "a mirror is written host[:port][/path], without a scheme, got \"" + text + "\"");
      }
      String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      int slash = trimmed.indexOf('/');
      return slash < 0
          ? new Mirror(trimmed, "")
          : new Mirror(trimmed.substring(0, slash), trimmed.substring(slash + 1));
    }

    /**
     * The name an image has there.
     *
     * @param image its name at the mirrored registry
     * @return its name at this one
     */
    public Reference of(Reference image) {
      return image.relocate(
          host, path.isEmpty() ? image.repository() : path + "/" + image.repository());
    }

    /** Returns {@code host[/path]}. */
    @Override
    public String toString() {
      return path.isEmpty() ? host : host + "/" + path;
    }
  }

  /** Collects a {@link RegistryHost}. Not thread-safe. */
  public static final class Builder {
    private final String host;
    private final List<Path> authorities = new ArrayList<>();
    private final List<Mirror> mirrors = new ArrayList<>();
    private boolean plainHttp;
    private boolean insecure;
    private @Nullable ClientCertificate clientCertificate;
    private @Nullable HttpProxy proxy;

    private Builder(String host) {
      if (host.isBlank() || host.contains("/")) {
        throw new IllegalArgumentException(
            "a registry is written host[:port], got \"" + host + "\"");
      }
      this.host = host;
    }

    /**
     * Asks over plain HTTP.
     *
     * @param allowed whether to
     * @return this builder
     */
    public Builder plainHttp(boolean allowed) {
      this.plainHttp = allowed;
      return this;
    }

    /**
     * Takes any certificate. Dangerous: see {@link RegistryHost#insecure}. An {@link #authority} is
     * the right way to trust a certificate of one's own.
     *
     * @param allowed whether to
     * @return this builder
     */
    public Builder insecure(boolean allowed) {
      this.insecure = allowed;
      return this;
    }

    /**
     * Trusts certificate authorities beside those the JVM trusts.
     *
     * @param pem a file with certificates in PEM form
     * @return this builder
     */
    public Builder authority(Path pem) {
      authorities.add(Objects.requireNonNull(pem, "pem"));
      return this;
    }

    /**
     * Proves who we are by a certificate.
     *
     * @param certificate a file in PEM form, the certificate itself first
     * @param key a file with its private key in PEM form, not encrypted
     * @return this builder
     */
    public Builder clientCertificate(Path certificate, Path key) {
      return clientCertificate(certificate, key, () -> new char[0]);
    }

    /**
     * Proves who we are by a certificate.
     *
     * @param certificate a file in PEM form, the certificate itself first
     * @param key a file with its private key in PEM form
     * @param password gives what the key is encrypted with, in an array that is cleared after use
     * @return this builder
     */
    public Builder clientCertificate(Path certificate, Path key, Supplier<char[]> password) {
      this.clientCertificate = new ClientCertificate(certificate, key, password);
      return this;
    }

    /**
     * Goes through a proxy, whatever {@link RegistryOptions#noProxy} says.
     *
     * @param proxy the proxy; null for the one for all
     * @return this builder
     */
    public Builder proxy(@Nullable HttpProxy proxy) {
      this.proxy = proxy;
      return this;
    }

    /**
     * Asks another registry first when something is pulled. One that does not have it, or fails, is
     * passed over: the next is asked, and at last the registry itself. Nothing is pushed to it.
     *
     * @param mirror {@code host[:port][/path]}
     * @return this builder
     */
    public Builder mirror(String mirror) {
      mirrors.add(Mirror.parse(mirror));
      return this;
    }

    /**
     * Makes the settings.
     *
     * @return the settings
     */
    public RegistryHost build() {
      return new RegistryHost(this);
    }
  }
}
