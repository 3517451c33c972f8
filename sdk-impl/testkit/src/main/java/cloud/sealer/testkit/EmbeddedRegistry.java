package cloud.sealer.testkit;

import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A container registry in this process, on a free port of 127.0.0.1, over plain HTTP.
 *
 * <p>It speaks the <a
 * href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">OCI distribution
 * specification</a> 1.1 in full, so that skopeo, docker and buildah push to it and pull from it.
 * Blobs lie on disk and stream; digests are verified. It remembers every request, and misbehaves on
 * demand.
 *
 * <pre>{@code
 * try (EmbeddedRegistry registry = EmbeddedRegistry.start()) {
 *   ImageFixture image = ContainerImages.of("library/nginx", "1.21").file("etc/x", "text").build();
 *   image.putInto(registry);
 *   registry.faults().cutBlobAt(image.layers().get(0).digest(), 100).times(1);
 *   …
 *   assertThat(registry.requests()).anyMatch(r -> r.range().equals("bytes=100-"));
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class EmbeddedRegistry implements AutoCloseable {
  private final HttpListener listener;
  private final RegistryStorage storage;
  private final RegistryProtocol protocol;
  private final Recorder recorder = new Recorder();
  private final Faults faults;
  private final @Nullable Path temporary;

  private EmbeddedRegistry(Builder builder) throws IOException {
    Path given = builder.directory;
    temporary = given == null ? Files.createTempDirectory("embedded-registry") : null;
    storage = new RegistryStorage(given == null ? Objects.requireNonNull(temporary) : given);
    Authority authority =
        new Authority(
            builder.mode, builder.user, builder.secret, builder.expiry, builder.anonymousPull);
    faults = new Faults(authority::expireTokens);
    listener = new HttpListener(builder.port);
    protocol = new RegistryProtocol(storage, authority, address(), builder.pageSize);
    listener.start(this::handle);
  }

  /**
   * Starts an empty registry that everybody may use.
   *
   * @return the registry, to be closed by the caller
   */
  public static EmbeddedRegistry start() {
    return builder().start();
  }

  /**
   * Starts the settings of a registry.
   *
   * @return a builder with the defaults: a temporary directory, a free port, no authentication
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Where it listens.
   *
   * @return host and port, as they stand in an image name: {@code 127.0.0.1:41234}
   */
  public String address() {
    return "127.0.0.1:" + listener.port();
  }

  /**
   * Where to make it misbehave.
   *
   * @return the faults
   */
  public Faults faults() {
    return faults;
  }

  /**
   * The requests so far.
   *
   * @return the requests in the order in which they came, those to the token endpoint among them
   */
  public List<Request> requests() {
    return recorder.requests();
  }

  /** Forgets the requests so far. */
  public void clearRequests() {
    recorder.clear();
  }

  /**
   * Whether a repository has a blob or manifest.
   *
   * @param repository the repository, such as {@code library/nginx}
   * @param digest the blob or manifest
   * @return true if so
   */
  public boolean has(String repository, Digest digest) {
    try {
      return storage.hasBlob(repository, digest)
          || storage.manifestType(repository, digest).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The tags of a repository.
   *
   * @param repository the repository
   * @return its tags, sorted; empty if there is no such repository
   */
  public List<String> tags(String repository) {
    try {
      return storage.tags(repository);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes a blob or manifest, with the tags of the latter, away from a repository.
   *
   * @param repository the repository
   * @param digest the blob or manifest
   * @return false if the repository did not have it
   */
  public boolean delete(String repository, Digest digest) {
    try {
      boolean hadBlob = storage.unlinkBlob(repository, digest);
      boolean hadManifest = storage.deleteManifest(repository, digest);
      return hadBlob || hadManifest;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For images that are put here without a request. */
  RegistryStorage storage() {
    return storage;
  }

  private void handle(Exchange exchange) throws IOException {
    Call call = new Call(exchange, faults, recorder);
    try {
      Optional<Fault> fault = faults.answer(call.method(), call.path());
      if (fault.isPresent()) {
        call.fail(fault.get());
      } else {
        protocol.handle(call);
      }
    } catch (RegistryError e) {
      call.reply(e);
    }
  }

  /** Ends all connections, and deletes the content unless a directory was given for it. */
  @Override
  public void close() {
    listener.close();
    if (temporary != null && Files.exists(temporary)) {
      Directories.delete(temporary);
    }
  }

  /**
   * A request that came to the registry.
   *
   * @param method the method
   * @param path the path, without the query
   * @param query the query as it was sent; empty if there was none
   * @param range the {@code Range} header; empty if there was none
   * @param status the status of the answer; 0 if there was none
   * @param received how many bytes of its body were taken
   * @param sent how many bytes of the answer's body were sent
   * @param authorized whether it had an {@code Authorization} header
   */
  public record Request(
      String method,
      String path,
      String query,
      String range,
      int status,
      long received,
      long sent,
      boolean authorized) {
    /** Checks the parts. */
    public Request {
      Objects.requireNonNull(method, "method");
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(query, "query");
      Objects.requireNonNull(range, "range");
    }

    /**
     * Whether it got bytes of a blob.
     *
     * @return true for {@code GET} of a blob
     */
    public boolean isBlobDownload() {
      return method.equals("GET") && path.contains("/blobs/") && !path.contains("/blobs/uploads/");
    }
  }

  /** Collects the settings of an {@link EmbeddedRegistry}. Not thread-safe. */
  public static final class Builder {
    private @Nullable Path directory;
    private int port;
    private Authority.Mode mode = Authority.Mode.NONE;
    private String user = "";
    private String secret = "";
    private Duration expiry = Duration.ofMinutes(5);
    private boolean anonymousPull;
    private int pageSize = Integer.MAX_VALUE;

    private Builder() {}

    /**
     * Keeps the content in a directory, also after the registry is closed.
     *
     * @param directory the directory, made if it does not exist
     * @return this builder
     */
    public Builder directory(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
      return this;
    }

    /**
     * Listens at a certain port, such as that of a registry that was closed before.
     *
     * @param port the port; 0 for any free one
     * @return this builder
     */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /**
     * Asks for a name and a password with each request.
     *
     * @param credentials what to ask for
     * @return this builder
     */
    public Builder basicAuth(Credentials credentials) {
      return auth(Authority.Mode.BASIC, credentials);
    }

    /**
     * Asks for a bearer token, which its own token endpoint gives out for a name and a password, or
     * for the password alone as identity token.
     *
     * @param credentials what the token endpoint asks for
     * @param expiry how long tokens are valid
     * @return this builder
     */
    public Builder bearerAuth(Credentials credentials, Duration expiry) {
      this.expiry = Objects.requireNonNull(expiry, "expiry");
      return auth(Authority.Mode.BEARER, credentials);
    }

    private Builder auth(Authority.Mode newMode, Credentials credentials) {
      this.mode = newMode;
      this.user = credentials.username();
      this.secret = credentials.secret();
      return this;
    }

    /**
     * Lets the token endpoint give tokens to pull with to everybody.
     *
     * @return this builder
     */
    public Builder anonymousPull() {
      this.anonymousPull = true;
      return this;
    }

    /**
     * Limits how many tags and repositories one answer lists.
     *
     * @param names the limit, at least 1
     * @return this builder
     */
    public Builder pageSize(int names) {
      if (names < 1) {
        throw new IllegalArgumentException("the page size must be at least 1, got " + names);
      }
      this.pageSize = names;
      return this;
    }

    /**
     * Starts the registry.
     *
     * @return the registry, to be closed by the caller
     * @throws UncheckedIOException if it cannot listen or use its directory
     */
    public EmbeddedRegistry start() {
      try {
        return new EmbeddedRegistry(this);
      } catch (IOException e) {
        throw new UncheckedIOException("the registry cannot start", e);
      }
    }
  }
}
