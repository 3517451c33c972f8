package cloud.sealer.testkit;

import cloud.sealer.sdk.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Manifests and indexes: sent, taken and deleted by tag or digest. */
final class ManifestRoutes {
  private static final int LIMIT = 4 << 20;
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("\"digest\"\\s*:\\s*\"(sha(?:256|512):[0-9a-f]{64,128})\"");
  private static final Pattern SUBJECT = Pattern.compile("\"subject\"\\s*:\\s*(\\{[^{}]*\\})");
  private static final Pattern ARTIFACT_TYPE =
      Pattern.compile("\"artifactType\"\\s*:\\s*\"([^\"]*)\"");
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  private final RegistryStorage storage;

  ManifestRoutes(RegistryStorage storage) {
    this.storage = storage;
  }

  void manifest(Call call, String repository, String reference) throws IOException, RegistryError {
    switch (call.method()) {
      case "GET", "HEAD" -> send(call, repository, reference);
      case "PUT" -> take(call, repository, reference);
      case "DELETE" -> delete(call, repository, reference);
      default -> throw RegistryError.unsupported(call.method());
    }
  }

  private void send(Call call, String repository, String reference)
      throws IOException, RegistryError {
    if (!storage.hasRepository(repository)) {
      throw RegistryError.unknownName(repository);
    }
    Optional<Digest> digest =
        isDigest(reference)
            ? Optional.of(RegistryProtocol.digest(reference))
            : storage.tag(repository, tag(reference));
    Digest found = digest.orElseThrow(() -> RegistryError.unknownManifest(reference));
    String type =
        storage
            .manifestType(repository, found)
            .orElseThrow(() -> RegistryError.unknownManifest(reference));
    call.set("Content-Type", type);
    call.set("Docker-Content-Digest", found);
    call.reply(storage.blob(found), found, false);
  }

  private void take(Call call, String repository, String reference)
      throws IOException, RegistryError {
    byte[] bytes;
    try (var body = call.body()) {
      bytes = body.readNBytes(LIMIT + 1);
    }
    if (bytes.length > LIMIT) {
      throw new RegistryError(413, "SIZE_INVALID", "a manifest must not be longer than " + LIMIT);
    }
    String type = call.header("Content-Type");
    if (type.isEmpty()) {
      throw new RegistryError(400, "MANIFEST_INVALID", "the media type is missing");
    }
    Digest digest = Hashing.sha256(bytes);
    if (isDigest(reference) && !RegistryProtocol.digest(reference).equals(digest)) {
      throw RegistryError.badDigest("the bytes have digest " + digest + ", not " + reference);
    }
    String json = new String(bytes, StandardCharsets.UTF_8);
    checkParts(repository, json);
    storage.putManifest(repository, digest, type, bytes);
    if (!isDigest(reference)) {
      storage.putTag(repository, tag(reference), digest);
    }
    noteSubject(call, repository, json, descriptor(type, digest, bytes.length, json));
    call.set("Location", "/v2/" + repository + "/manifests/" + digest)
        .set("Docker-Content-Digest", digest)
        .reply(201);
  }

  /** Refuses what names a blob or manifest that is not there, as other registries do. */
  private void checkParts(String repository, String json) throws IOException, RegistryError {
    for (Digest part : digests(SUBJECT.matcher(json).replaceAll("\"subject\":{}"))) {
      if (!storage.hasBlob(repository, part) && storage.manifestType(repository, part).isEmpty()) {
        throw new RegistryError(
            400, "MANIFEST_BLOB_UNKNOWN", "the manifest names " + part + ", which is not there");
      }
    }
  }

  private static Set<Digest> digests(String json) throws RegistryError {
    Set<Digest> digests = new LinkedHashSet<>();
    Matcher digest = DIGEST.matcher(json);
    while (digest.find()) {
      digests.add(RegistryProtocol.digest(digest.group(1)));
    }
    return digests;
  }

  private void noteSubject(Call call, String repository, String json, String descriptor)
      throws IOException, RegistryError {
    Matcher subject = SUBJECT.matcher(json);
    if (subject.find()) {
      for (Digest digest : digests(subject.group(1))) {
        Digest referrer = digests(descriptor).iterator().next();
        storage.putReferrer(repository, digest, referrer, descriptor);
        call.set("OCI-Subject", digest);
      }
    }
  }

  private static String descriptor(String type, Digest digest, int size, String json) {
    Matcher artifactType = ARTIFACT_TYPE.matcher(json);
    return "{\"mediaType\":"
        + JsonText.quoted(type)
        + ",\"digest\":\""
        + digest
        + "\",\"size\":"
        + size
        + (artifactType.find() ? ",\"artifactType\":" + JsonText.quoted(artifactType.group(1)) : "")
        + "}";
  }

  private void delete(Call call, String repository, String reference)
      throws IOException, RegistryError {
    boolean deleted =
        isDigest(reference)
            ? storage.deleteManifest(repository, RegistryProtocol.digest(reference))
            : storage.deleteTag(repository, tag(reference));
    if (!deleted) {
      throw RegistryError.unknownManifest(reference);
    }
    call.reply(202);
  }

  void referrers(Call call, String repository, Digest subject) throws IOException, RegistryError {
    if (!call.method().equals("GET")) {
      throw RegistryError.unsupported(call.method());
    }
    String manifests = String.join(",", storage.referrers(repository, subject));
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[" + manifests + "]}";
    call.reply(200, INDEX, json);
  }

  private static boolean isDigest(String reference) {
    return reference.indexOf(':') >= 0;
  }

  private static String tag(String reference) throws RegistryError {
    if (!TAG.matcher(reference).matches()) {
      throw new RegistryError(400, "TAG_INVALID", "bad tag " + reference);
    }
    return reference;
  }
}
