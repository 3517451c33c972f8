package cloud.sealer.core.registry;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.Reference;
import cloud.sealer.sdk.spi.RegistryClient;
import java.io.IOException;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;

/** Gets and sends manifests and indexes: one try of each. */
final class Manifests {
  /** What the distribution specification lets registries refuse, so nothing real is longer. */
  static final int MAX = 4 * 1024 * 1024;

  private static final String ACCEPT =
      String.join(
          ", ",
          MediaType.OCI_INDEX.value(),
          MediaType.OCI_MANIFEST.value(),
          MediaType.DOCKER_MANIFEST_LIST.value(),
          MediaType.DOCKER_MANIFEST.value());
  private static final String DIGEST_HEADER = "Docker-Content-Digest";

  private final Exchange exchange;
  private final Addresses addresses;
  private final Clock clock;

  Manifests(Exchange exchange, Addresses addresses, Clock clock) {
    this.exchange = exchange;
    this.addresses = addresses;
    this.clock = clock;
  }

  RegistryClient.Manifest get(Reference reference) throws IOException, InterruptedException {
    Call call = Call.of("GET", uri(reference)).header("Accept", ACCEPT);
    try (Answer answer = exchange.send(call, Scope.pull(reference))) {
      if (!answer.isOk()) {
        throw failure(answer, reference, ErrorCode.IMAGE_NOT_FOUND);
      }
      byte[] bytes = answer.read(MAX);
      // First of all: what has the wrong digest is not even parsed.
      Digest digest = verify(answer, reference, bytes);
      MediaType type = ManifestType.of(bytes, answer.contentType(), answer.request());
      return new RegistryClient.Manifest(new Descriptor(type, digest, bytes.length), bytes);
    }
  }

  /**
   * Asks for a descriptor. Falls back to the whole manifest where HEAD is refused or does not say
   * enough.
   *
   * @return empty if there is none
   */
  Optional<Descriptor> head(Reference reference) throws IOException, InterruptedException {
    Call call = Call.of("HEAD", uri(reference)).header("Accept", ACCEPT);
    try (Answer answer = exchange.send(call, Scope.pull(reference))) {
      if (answer.status() == 404) {
        return Optional.empty();
      }
      if (answer.isOk()) {
        Optional<Descriptor> said = descriptor(answer, reference);
        if (said.isPresent()) {
          return said;
        }
      } else if (answer.status() == 429 || (answer.status() >= 500 && answer.status() != 501)) {
        throw failure(answer, reference, ErrorCode.IMAGE_NOT_FOUND);
      }
    }
    try {
      return Optional.of(get(reference).descriptor());
    } catch (RegistryFailure e) {
      if (e.code() == ErrorCode.IMAGE_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  void put(Reference reference, MediaType type, byte[] bytes)
      throws IOException, InterruptedException {
    if (reference.digest().isPresent()) {
      check(reference.digest().get(), bytes, "the manifest to send");
    }
    String name = reference.tag().orElseGet(() -> digest("sha256", bytes).toString());
    if (reference.tag().isEmpty() && reference.digest().isPresent()) {
      name = reference.digest().get().toString();
    }
    Call call =
        Call.of("PUT", manifests(reference, name))
            .body(new ByteArrayEntity(bytes, ContentType.create(type.value())));
    try (Answer answer = exchange.send(call, Scope.push(reference))) {
      if (!answer.isOk()) {
        throw failure(answer, reference, ErrorCode.REGISTRY_ERROR);
      }
      Optional<Digest> stored = said(answer);
      if (stored.isPresent()) {
        check(stored.get(), bytes, "the manifest that was sent to " + reference);
      }
      answer.discard();
    }
  }

  private URI uri(Reference reference) throws RegistryFailure {
    return manifests(
        reference,
        reference.digest().map(Digest::toString).orElseGet(() -> reference.tag().orElse("latest")));
  }

  private URI manifests(Reference reference, String name) throws RegistryFailure {
    return addresses.of(reference.registry(), reference.repository() + "/manifests/" + name);
  }

  private RegistryFailure failure(Answer answer, Reference reference, ErrorCode missing) {
    return StatusFailures.of(answer, reference.registry(), missing, clock.instant())
        .detail("reference", reference);
  }

  private static Digest verify(Answer answer, Reference reference, byte[] bytes)
      throws RegistryFailure {
    Optional<Digest> said = said(answer);
    if (said.isPresent()) {
      check(said.get(), bytes, "the answer to " + answer.request());
    }
    if (reference.digest().isEmpty()) {
      return digest("sha256", bytes);
    }
    check(reference.digest().get(), bytes, "the answer to " + answer.request());
    return reference.digest().get();
  }

  private static Optional<Descriptor> descriptor(Answer answer, Reference reference) {
    Optional<Digest> digest = said(answer);
    if (reference.digest().isPresent()) {
      if (digest.isPresent() && !digest.equals(reference.digest())) {
        return Optional.empty();
      }
      digest = reference.digest();
    }
    Optional<MediaType> type =
        answer
            .contentType()
            .map(MediaType::new)
            .filter(known -> known.isIndex() || known.isManifest());
    if (digest.isEmpty() || type.isEmpty() || answer.contentLength().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Descriptor(type.get(), digest.get(), answer.contentLength().getAsLong()));
  }

  private static Optional<Digest> said(Answer answer) {
    try {
      return answer.header(DIGEST_HEADER).map(Digest::parse);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void check(Digest wanted, byte[] bytes, String what) throws RegistryFailure {
    Digest actual = digest(wanted.algorithm(), bytes);
    if (!actual.equals(wanted)) {
      throw RegistryFailure.of(
          ErrorCode.DIGEST_MISMATCH, what + " has the digest " + actual + ", not " + wanted);
    }
  }

  private static Digest digest(String algorithm, byte[] bytes) {
    String name = algorithm.toUpperCase(Locale.ROOT).replace("SHA", "SHA-");
    try {
      byte[] hash = MessageDigest.getInstance(name).digest(bytes);
      return new Digest(algorithm, HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has " + name, e);
    }
  }
}
