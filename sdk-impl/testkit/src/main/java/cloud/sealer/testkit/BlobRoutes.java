package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blobs: sent whole or in ranges, and taken in one piece or in many. */
final class BlobRoutes {
  private static final Pattern CONTENT_RANGE = Pattern.compile("(?:bytes )?([0-9]{1,18})-[0-9]+.*");

  private final RegistryStorage storage;
  private final Authority authority;

  /** The repository of each upload that has begun. */
  private final Map<String, String> uploads = new ConcurrentHashMap<>();

  BlobRoutes(RegistryStorage storage, Authority authority) {
    this.storage = storage;
    this.authority = authority;
  }

  void blob(Call call, String repository, Digest digest) throws IOException, RegistryError {
    if (!storage.hasBlob(repository, digest)) {
      throw RegistryError.unknownBlob(digest);
    }
    switch (call.method()) {
      case "GET", "HEAD" -> {
        call.set("Content-Type", "application/octet-stream");
        call.set("Docker-Content-Digest", digest);
        call.reply(storage.blob(digest), digest, true);
      }
      case "DELETE" -> {
        storage.unlinkBlob(repository, digest);
        call.reply(202);
      }
      default -> throw RegistryError.unsupported(call.method());
    }
  }

  void upload(Call call, String repository, String id) throws IOException, RegistryError {
    if (id.isEmpty()) {
      start(call, repository);
      return;
    }
    if (!repository.equals(uploads.get(id))) {
      throw RegistryError.unknownUpload(id);
    }
    Path file = storage.upload(id);
    switch (call.method()) {
      case "PATCH" -> {
        append(call, repository, id);
        accepted(call, repository, id, 202);
      }
      case "PUT" -> {
        append(call, repository, id);
        finish(call, repository, id);
      }
      case "GET" -> accepted(call, repository, id, 204);
      case "DELETE" -> {
        uploads.remove(id);
        Files.deleteIfExists(file);
        call.reply(204);
      }
      default -> throw RegistryError.unsupported(call.method());
    }
  }

  private void start(Call call, String repository) throws IOException, RegistryError {
    if (!call.method().equals("POST")) {
      throw RegistryError.unsupported(call.method());
    }
    if (mounts(call, repository)) {
      return;
    }
    String id = storage.newUpload();
    uploads.put(id, repository);
    if (call.parameter("digest").isEmpty()) {
      accepted(call, repository, id, 202);
    } else {
      append(call, repository, id);
      finish(call, repository, id);
    }
  }

  private boolean mounts(Call call, String repository) throws IOException, RegistryError {
    String from = call.parameter("from");
    if (call.parameter("mount").isEmpty() || from.isEmpty()) {
      return false;
    }
    Digest digest = RegistryProtocol.digest(call.parameter("mount"));
    if (!storage.hasBlob(from, digest) || !authority.mayPull(call, from)) {
      return false;
    }
    storage.linkBlob(repository, digest);
    created(call, repository, digest);
    return true;
  }

  private void append(Call call, String repository, String id) throws IOException, RegistryError {
    Path file = storage.upload(id);
    Matcher range = CONTENT_RANGE.matcher(call.header("Content-Range"));
    if (range.matches() && Long.parseLong(range.group(1)) != Files.size(file)) {
      progress(call, repository, id);
      throw new RegistryError(416, "BLOB_UPLOAD_INVALID", "the chunk does not follow the last one");
    }
    try (var body = call.body()) {
      RegistryStorage.append(body, file);
    }
  }

  private void finish(Call call, String repository, String id) throws IOException, RegistryError {
    Digest digest = RegistryProtocol.digest(call.parameter("digest"));
    Path file = storage.upload(id);
    Digest actual = Hashing.of(file, digest.algorithm());
    uploads.remove(id);
    if (!actual.equals(digest)) {
      Files.deleteIfExists(file);
      throw RegistryError.badDigest("the bytes have digest " + actual + ", not " + digest);
    }
    storage.keep(file, digest);
    storage.linkBlob(repository, digest);
    created(call, repository, digest);
  }

  private static void created(Call call, String repository, Digest digest) throws IOException {
    call.set("Location", "/v2/" + repository + "/blobs/" + digest)
        .set("Docker-Content-Digest", digest)
        .reply(201);
  }

  private void accepted(Call call, String repository, String id, int status) throws IOException {
    progress(call, repository, id);
    call.reply(status);
  }

  /** The location has a query of its own, as that of other registries, which clients must keep. */
  private void progress(Call call, String repository, String id) throws IOException {
    long size = Files.size(storage.upload(id));
    call.set("Location", "/v2/" + repository + "/blobs/uploads/" + id + "?_state=" + size)
        .set("Docker-Upload-UUID", id)
        .set("Range", "0-" + Math.max(0, size - 1));
  }
}
