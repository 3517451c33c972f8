package cloud.sealer.core.registry;

import cloud.sealer.core.retry.Retries;
import cloud.sealer.core.retry.Sleeper;
import cloud.sealer.sdk.CredentialProvider;
import cloud.sealer.sdk.Credentials;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.RegistryOptions;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.Secret;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.RegistryClient;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Speaks to registries over HTTP/1.1. The table of contents of this package: each operation is one
 * try in {@link Manifests}, {@link Blobs}, {@link Uploads} or {@link Tags}, repeated by {@link
 * Retries}.
 */
public final class HttpRegistryClient implements RegistryClient {
  private final Transports transports;
  private final StallWatch watch;
  private final Addresses addresses;
  private final Redirects redirects;
  private final TokenService tokens;
  private final Retries retries;
  private final Mirrors mirrors;
  private final CredentialSource credentials;
  private final Authenticator authenticator;
  private final Clock clock;
  private final boolean owner;
  private final Manifests manifests;
  private final Blobs blobs;
  private final Uploads uploads;
  private final Tags tags;
  private final Referrers referrers;

  /**
   * A client that opens no connection before it is used.
   *
   * @param options how registries are reached
   * @param connections how many connections one server gets at most: as many as blobs move at once
   * @param clock tells when tokens expire
   * @param sleeper waits between tries
   */
  public HttpRegistryClient(
      RegistryOptions options, int connections, Clock clock, Sleeper sleeper) {
    this(options, connections, clock, sleeper, new CredentialHelper(), HttpRegistryClient::trusted);
  }

  HttpRegistryClient(
      RegistryOptions options,
      int connections,
      Clock clock,
      Sleeper sleeper,
      CredentialHelper helper,
      Supplier<SSLContext> tls) {
    this.clock = clock;
    Hosts hosts = new Hosts(options);
    transports = new Transports(options, hosts, connections, tls);
    watch = new StallWatch(options.readTimeout());
    addresses = new Addresses(hosts.plainHttp());
    redirects = new Redirects(transports, addresses);
    tokens = new TokenService(redirects, addresses, clock);
    retries = new Retries(options, sleeper, NetworkFailures::unknown, transports::isClosed);
    mirrors = new Mirrors(hosts, retries, clock);
    credentials = new ConfiguredCredentials(options, helper);
    owner = true;
    authenticator = new Authenticator(tokens, credentials, clock);
    Exchange exchange = new Exchange(redirects, authenticator);
    manifests = new Manifests(exchange, addresses, clock);
    blobs = new Blobs(exchange, addresses, clock);
    uploads = new Uploads(exchange, addresses, clock);
    tags = new Tags(exchange, addresses, clock);
    referrers = new Referrers(exchange, addresses, clock);
  }

  /** A client that shares all but who to be. */
  private HttpRegistryClient(HttpRegistryClient parent, CredentialSource credentials) {
    this.credentials = credentials;
    owner = false;
    clock = parent.clock;
    transports = parent.transports;
    watch = parent.watch;
    addresses = parent.addresses;
    redirects = parent.redirects;
    tokens = parent.tokens;
    retries = parent.retries;
    mirrors = parent.mirrors;
    authenticator = new Authenticator(tokens, credentials, clock);
    Exchange exchange = new Exchange(redirects, authenticator);
    manifests = new Manifests(exchange, addresses, clock);
    blobs = new Blobs(exchange, addresses, clock);
    uploads = new Uploads(exchange, addresses, clock);
    tags = new Tags(exchange, addresses, clock);
    referrers = new Referrers(exchange, addresses, clock);
  }

  private static SSLContext trusted() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw SealerException.builder(
              ErrorCode.UNREACHABLE,
              "the trusted certificates of the Java runtime cannot be read: " + e.getMessage())
          .remedy("check javax.net.ssl.trustStore and the files of the Java runtime")
          .cause(e)
          .build();
    }
  }

  @Override
  public Manifest manifest(Reference reference, Task task) {
    String what = "image " + reference;
    return mirrors.first(
        what,
        reference,
        task,
        there -> Optional.of(manifests.get(there)),
        () -> retries.run(what, task::retried, () -> manifests.get(reference)));
  }

  @Override
  public Optional<Descriptor> head(Reference reference, Task task) {
    String what = "image " + reference;
    return mirrors.first(
        what,
        reference,
        task,
        there -> {
          Optional<Descriptor> found = manifests.head(there);
          return found.isPresent() ? Optional.of(found) : Optional.empty();
        },
        () -> retries.run(what, task::retried, () -> manifests.head(reference)));
  }

  @Override
  public Optional<Descriptor> lookUp(Reference reference, Task task) {
    String what = "image " + reference;
    return mirrors.first(
        what,
        reference,
        task,
        there -> Optional.of(manifests.head(there)),
        () -> retries.run(what, task::retried, () -> manifests.head(reference)));
  }

  @Override
  public void putManifest(Reference reference, MediaType mediaType, byte[] bytes, Task task) {
    retries.run(
        "push of " + reference,
        task::retried,
        () -> {
          manifests.put(reference, mediaType, bytes);
          return true;
        });
  }

  @Override
  public BlobStream blob(Reference repository, Descriptor blob, long offset, Task task) {
    if (offset < 0 || offset > blob.size()) {
      throw new IllegalArgumentException(
          "offset must be between 0 and " + blob.size() + ", got " + offset);
    }
    String what = "download of blob " + blob.digest() + " of " + name(repository);
    return mirrors.blob(
        what,
        repository,
        blob.digest(),
        task,
        there -> Optional.of(blobs.open(there, blob, offset)),
        () -> retries.run(what, task::retried, () -> blobs.open(repository, blob, offset)));
  }

  @Override
  public void damaged(Reference repository, Digest digest) {
    mirrors.damaged(repository, digest);
  }

  @Override
  public RegistryClient withCredentials(CredentialProvider more) {
    return new HttpRegistryClient(this, CredentialSource.first(more, credentials));
  }

  @Override
  public boolean hasBlob(Reference repository, Digest digest, Task task) {
    return retries.run(
        "look for blob " + digest + " in " + name(repository),
        task::retried,
        () -> blobs.has(repository, digest));
  }

  @Override
  public Optional<Secret> authorization(Reference repository, Task task) {
    return retries.run(
        "login to " + name(repository),
        task::retried,
        () -> {
          Scope scope = Scope.pull(repository);
          if (authenticator.authorization(scope).isEmpty()) {
            manifests.head(repository); // the first request is what a registry challenges
          }
          return authenticator.authorization(scope).map(Authorization::header).map(Secret::of);
        });
  }

  @Override
  public void putBlob(Reference repository, Descriptor blob, FileTree.Content content, Task task) {
    BlobEntity bytes = new BlobEntity(blob, content, task::advance, watch);
    retries.run(
        "push of blob " + blob.digest() + " to " + name(repository),
        task::retried,
        () -> {
          uploads.put(repository, blob, bytes);
          return true;
        });
  }

  @Override
  public boolean mount(Reference repository, Digest digest, String from, Task task) {
    return retries.run(
        "mount of blob " + digest + " from " + from + " in " + name(repository),
        task::retried,
        () -> uploads.mount(repository, digest, from));
  }

  @Override
  public Optional<List<Descriptor>> referrers(Reference subject, Task task) {
    String what = "referrers of " + subject;
    return mirrors.first(
        what,
        subject,
        task,
        there -> Optional.of(referrers(there)),
        () -> retries.run(what, task::retried, () -> referrers(subject)));
  }

  /** All pages; one try. */
  private Optional<List<Descriptor>> referrers(Reference subject)
      throws IOException, InterruptedException {
    List<Descriptor> all = new ArrayList<>();
    Optional<URI> next = Optional.of(referrers.first(subject));
    for (int pages = 0; next.isPresent() && pages < Referrers.MAX_PAGES; pages++) {
      Optional<Referrers.Page> page = referrers.page(subject, next.get());
      if (page.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(page.get().manifests());
      next = page.get().next();
    }
    return Optional.of(List.copyOf(all));
  }

  @Override
  public List<String> tags(Reference repository, Task task) {
    String what = "tags of " + name(repository);
    List<String> all = new ArrayList<>();
    Optional<URI> next =
        retries.run(what, task::retried, () -> Optional.of(tags.first(repository)));
    for (int pages = 0; next.isPresent(); pages++) {
      if (pages == Tags.MAX_PAGES) {
        throw SealerException.builder(
                ErrorCode.REGISTRY_ERROR, what + ": more than " + Tags.MAX_PAGES + " pages")
            .build();
      }
      URI current = next.get();
      Tags.Page page = retries.run(what, task::retried, () -> tags.page(repository, current));
      all.addAll(page.tags());
      next = page.next();
    }
    return List.copyOf(all);
  }

  @Override
  public void check(String registry, Credentials who) {
    Exchange exchange =
        new Exchange(redirects, new Authenticator(tokens, CredentialSource.fixed(who), clock));
    retries.run(
        "login to " + registry,
        (attempt, delay, cause) -> {},
        () -> {
          Call call = Call.of("GET", addresses.of(registry, ""));
          try (Answer answer = exchange.send(call, Scope.none(registry))) {
            if (!answer.isOk()) {
              throw StatusFailures.of(answer, registry, ErrorCode.REGISTRY_ERROR, clock.instant());
            }
            answer.discard();
            return true;
          }
        });
  }

  /** Closes all connections. Calls at work end with {@link ErrorCode#CANCELLED}. */
  @Override
  public void close() {
    if (owner) {
      transports.close();
      watch.close();
    }
  }

  private static String name(Reference repository) {
    return repository.registry() + "/" + repository.repository();
  }
}
