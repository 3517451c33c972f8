package cloud.sealer.core.registry;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * Sends blobs: one request opens an upload, one carries all bytes. Chunks would not help: most
 * registries cannot tell how much of a broken chunk they have.
 */
final class Uploads {
  private static final int CREATED = 201;
  private static final int ACCEPTED = 202;
  // The upload is lost or in an unclear state; a new one starts from the beginning.
  private static final Set<Integer> START_ANEW = Set.of(404, 409, 416);
  // A registry may copy or hash the whole blob before it answers.
  private static final long PATIENCE_BYTES_PER_SECOND = 16L * 1024 * 1024;

  private final Exchange exchange;
  private final Addresses addresses;
  private final Clock clock;

  Uploads(Exchange exchange, Addresses addresses, Clock clock) {
    this.exchange = exchange;
    this.addresses = addresses;
    this.clock = clock;
  }

  /** Sends a blob: one try. */
  void put(Reference repository, Descriptor blob, BlobEntity bytes)
      throws IOException, InterruptedException {
    Scope scope = Scope.push(repository);
    URI upload;
    try (Answer opened = exchange.send(Call.of("POST", uploads(repository)), scope)) {
      if (opened.status() != ACCEPTED) {
        throw failure(opened, repository);
      }
      upload = location(opened);
      opened.discard();
    }
    Call put =
        Call.of("PUT", withQuery(upload, "digest", blob.digest().toString()))
            .body(bytes)
            .patience(Duration.ofSeconds(blob.size() / PATIENCE_BYTES_PER_SECOND));
    try (Answer answer = exchange.send(put, scope)) {
      if (!answer.isOk()) {
        RegistryFailure failure = failure(answer, repository);
        throw START_ANEW.contains(answer.status()) ? failure.retry() : failure;
      }
      answer.discard();
    }
  }

  /** Asks for a blob of another repository: one try. */
  boolean mount(Reference repository, Digest digest, String from)
      throws IOException, InterruptedException {
    URI uri = withQuery(withQuery(uploads(repository), "mount", digest.toString()), "from", from);
    Scope scope = Scope.mount(repository, from);
    try (Answer answer = exchange.send(Call.of("POST", uri), scope)) {
      if (answer.status() == CREATED) {
        answer.discard();
        return true;
      }
      if (answer.status() == ACCEPTED) {
        URI upload = location(answer);
        answer.discard();
        cancel(upload, scope);
        return false;
      }
      if (answer.status() >= 500 || answer.status() == 429) {
        throw failure(answer, repository);
      }
      // No right to read the other repository, or no idea of mounting: sending the blob tells more.
      return false;
    } catch (RegistryFailure e) {
      if (StatusFailures.isUnauthorized(e)) {
        return false;
      }
      throw e;
    }
  }

  /** Gives back the upload that a registry opens when it cannot mount. */
  private void cancel(URI upload, Scope scope) throws InterruptedException {
    try (Answer answer = exchange.send(Call.of("DELETE", upload), scope)) {
      answer.discard();
    } catch (IOException e) {
      // Registries remove forgotten uploads by themselves.
    }
  }

  private URI uploads(Reference repository) throws RegistryFailure {
    return addresses.of(repository.registry(), repository.repository() + "/blobs/uploads/");
  }

  private URI location(Answer answer) throws RegistryFailure {
    return addresses.named(answer.uri(), answer.header("Location").orElse(null), "Location");
  }

  private RegistryFailure failure(Answer answer, Reference repository) {
    return StatusFailures.of(
        answer, repository.registry(), ErrorCode.REGISTRY_ERROR, clock.instant());
  }

  private static URI withQuery(URI uri, String name, String value) {
    String text = uri.toString().split("#", 2)[0];
    return URI.create(
        text
            + (uri.getRawQuery() == null ? "?" : "&")
            + name
            + "="
            + URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}
