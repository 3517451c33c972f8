package cloud.sealer.core.store;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.MediaType;
import cloud.sealer.sdk.PruneResult;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Deletes what nobody needs. Besides the blobs its caller keeps, it follows every entry of {@code
 * index.json} itself: an image may have got its name after the caller looked, and other tools put
 * entries without a name.
 */
final class Pruning {
  private static final long MAX_DOCUMENT = 4 * 1024 * 1024;
  static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final OciLayerStore store;
  private final Set<Digest> kept;
  private final Set<Digest> followed = new HashSet<>();
  private final Instant before;
  private final boolean dryRun;
  private int blobCount;
  private long blobBytes;
  private int partialCount;
  private long partialBytes;

  Pruning(OciLayerStore store, Set<Digest> kept, Instant before, boolean dryRun) {
    this.store = store;
    this.before = before;
    this.dryRun = dryRun;
    this.kept = new HashSet<>(kept);
  }

  /** Does it. The caller holds the lock of the index, so no session can claim a blob meanwhile. */
  PruneResult run(
      LayoutIndex index, WorkDirectory work, Records records, WorkDirectory.Removed dead)
      throws IOException {
    // First the blobs, then the claims: a blob that is here was claimed before it was.
    Map<Digest, Path> blobs = blobs();
    follow(index.document());
    kept.addAll(work.claims());
    for (Map.Entry<Digest, Path> blob : blobs.entrySet()) {
      if (!kept.contains(blob.getKey())) {
        delete(blob.getValue());
      }
    }
    for (Path partial : WorkDirectory.list(store.ingestDirectory(), "*")) {
      // In a dry run those of dead processes are still there, and were counted with these.
      if (!dead.partials().contains(partial)) {
        deletePartial(partial);
      }
    }
    if (!dryRun) {
      records.prune(this::isUseful);
    }
    return new PruneResult(
        blobCount, blobBytes, partialCount, partialBytes, dead.sessions(), dead.bytes());
  }

  private void delete(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      if (attributes.lastModifiedTime().toInstant().isBefore(before)) {
        if (!dryRun) {
          Files.delete(file);
        }
        blobCount++;
        blobBytes += attributes.size();
      }
    } catch (NoSuchFileException e) {
      return; // another process was faster
    }
  }

  private void deletePartial(Path partial) throws IOException {
    Optional<StoreLocks.Held> held = store.locks().tryAcquire(partial);
    if (held.isEmpty()) {
      return;
    }
    try (StoreLocks.Held unfinished = held.get()) {
      if (Files.getLastModifiedTime(partial).toInstant().isBefore(before)) {
        partialCount++;
        partialBytes += unfinished.channel().size();
        if (!dryRun) {
          unfinished.delete();
        }
      }
    }
  }

  private Map<Digest, Path> blobs() throws IOException {
    Map<Digest, Path> blobs = new TreeMap<>();
    for (Path algorithm : WorkDirectory.list(store.blobsDirectory(), "*")) {
      for (Path file : WorkDirectory.list(algorithm, "*")) {
        Matcher name = DIGEST.matcher(algorithm.getFileName() + ":" + file.getFileName());
        if (name.matches()) {
          blobs.put(Digest.parse(name.group()), file);
        }
      }
    }
    return blobs;
  }

  private void follow(JsonNode node) throws IOException {
    Matcher digest = DIGEST.matcher(node.path("digest").asText());
    if (digest.matches()) {
      Digest blob = Digest.parse(digest.group());
      kept.add(blob);
      if (isDocument(node) && followed.add(blob)) {
        followDocument(blob);
      }
    }
    for (JsonNode child : node) {
      if (child.isContainerNode()) {
        follow(child);
      }
    }
  }

  private static boolean isDocument(JsonNode descriptor) {
    String type = descriptor.path("mediaType").asText();
    return !type.isBlank() && (new MediaType(type).isIndex() || new MediaType(type).isManifest());
  }

  private void followDocument(Digest digest) throws IOException {
    Path blob = store.blob(digest);
    if (!Files.isRegularFile(blob) || Files.size(blob) > MAX_DOCUMENT) {
      return;
    }
    try {
      follow(MAPPER.readTree(Files.readAllBytes(blob)));
    } catch (JacksonException e) {
      return; // damaged: it needs nothing
    }
  }

  /** A record of layers that are gone is of no use; one that speaks of no blob may be. */
  private boolean isUseful(String record) {
    Matcher digests = DIGEST.matcher(record);
    boolean any = false;
    while (digests.find()) {
      any = true;
      if (Files.isRegularFile(store.blob(Digest.parse(digests.group())))) {
        return true;
      }
    }
    return !any;
  }
}
