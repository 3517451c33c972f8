package cloud.sealer.core.registry;

import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.Reference;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gets blobs, from any byte on: one try of each. */
final class Blobs {
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18}|\\*)");
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int BEYOND_END = 416;

  private final Exchange exchange;
  private final Addresses addresses;
  private final Clock clock;

  Blobs(Exchange exchange, Addresses addresses, Clock clock) {
    this.exchange = exchange;
    this.addresses = addresses;
    this.clock = clock;
  }

  /** Opens a blob at the offset, or at 0 if the server does not do that. */
  BlobBody open(Reference repository, Descriptor blob, long offset)
      throws IOException, InterruptedException {
    Call call = Call.of("GET", uri(repository, blob.digest()));
    if (offset > 0) {
      call = call.header("Range", "bytes=" + offset + "-");
    }
    Answer answer = exchange.send(call, Scope.pull(repository));
    boolean opened = false;
    try {
      if (offset > 0 && answer.status() == BEYOND_END) {
        answer.discard();
        return open(repository, blob, 0);
      }
      BlobBody body = body(answer, repository, blob, offset);
      opened = true;
      return body;
    } finally {
      if (!opened) {
        answer.close();
      }
    }
  }

  /** Whether the repository has the blob. */
  boolean has(Reference repository, Digest digest) throws IOException, InterruptedException {
    URI uri = uri(repository, digest);
    try (Answer answer = exchange.send(Call.of("HEAD", uri), Scope.pull(repository))) {
      if (answer.isOk()) {
        return true;
      }
      if (answer.status() == 404) {
        return false;
      }
    }
    // HEAD is refused here and there, such as by signed URLs of object stores that are good for GET
    // only.
    Call first = Call.of("GET", uri).header("Range", "bytes=0-0");
    try (Answer answer = exchange.send(first, Scope.pull(repository))) {
      if (answer.status() == 404) {
        return false;
      }
      if (answer.isOk() || answer.status() == BEYOND_END) {
        return true;
      }
      throw StatusFailures.of(
          answer, repository.registry(), ErrorCode.IMAGE_NOT_FOUND, clock.instant());
    }
  }

  private URI uri(Reference repository, Digest digest) throws RegistryFailure {
    return addresses.of(repository.registry(), repository.repository() + "/blobs/" + digest);
  }

  private BlobBody body(Answer answer, Reference repository, Descriptor blob, long offset)
      throws IOException {
    long start = 0;
    if (answer.status() == PARTIAL) {
      start = start(answer, blob, offset);
    } else if (answer.status() != OK) {
      throw StatusFailures.of(
          answer, repository.registry(), ErrorCode.IMAGE_NOT_FOUND, clock.instant());
    }
    Optional<String> encoding =
        answer.header("Content-Encoding").filter(name -> !name.equalsIgnoreCase("identity"));
    if (encoding.isPresent()) {
      throw RegistryFailure.of(
          ErrorCode.REGISTRY_ERROR,
          answer.request()
              + " answers with the encoding "
              + ErrorBody.clean(encoding.get())
              + ", which was not asked for");
    }
    long rest = blob.size() - start;
    if (answer.contentLength().orElse(0) > rest) {
      throw RegistryFailure.of(
          ErrorCode.DIGEST_MISMATCH,
          answer.request()
              + " sends "
              + answer.contentLength().getAsLong()
              + " bytes where blob "
              + blob.digest()
              + " has "
              + rest);
    }
    return new BlobBody(answer, blob, start);
  }

  private static long start(Answer answer, Descriptor blob, long offset) throws RegistryFailure {
    String text = answer.header("Content-Range").orElse("");
    Matcher range = CONTENT_RANGE.matcher(text);
    boolean fits =
        range.matches()
            && Long.parseLong(range.group(1)) == offset
            && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == blob.size());
    if (!fits) {
      throw RegistryFailure.of(
          ErrorCode.REGISTRY_ERROR,
          answer.request()
              + " was asked for the bytes from "
              + offset
              + " of "
              + blob.size()
              + " and answers with the range \""
              + ErrorBody.clean(text)
              + "\"");
    }
    return offset;
  }
}
