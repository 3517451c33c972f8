package cloud.sealer.core.store;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.spi.LayerStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session: a lock file that shows it is alive, the list of what it claimed, and its scratch
 * directory.
 */
final class StoreSession implements LayerStore.Session {
  private static final Logger LOG = LoggerFactory.getLogger(StoreSession.class);
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private final OciLayerStore store;
  private final StoreLocks.Held lock;
  private final WorkDirectory.SessionFiles files;
  private final Set<Digest> claimed = new HashSet<>();
  private final FileChannel claims;
  private boolean closed;

  StoreSession(OciLayerStore store, StoreLocks.Held lock, WorkDirectory.SessionFiles files) {
    this.store = store;
    this.lock = lock;
    this.files = files;
    try {
      Files.createDirectory(files.scratch());
      claims =
          FileChannel.open(files.claims(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      lock.close();
      throw StoreFailure.of("create", files.scratch(), e);
    }
  }

  @Override
  public Path scratch() {
    return files.scratch();
  }

  @Override
  public LayerStore.BlobWriter write(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "the key of a blob is up to 200 letters, digits and ._-, got \"" + key + "\"");
    }
    Path file = store.ingest(key);
    return new FileBlobWriter(file, store.locks().acquire(file), store::blob, this::add);
  }

  @Override
  public OptionalLong claim(Digest digest) {
    if (store.size(digest).isEmpty()) {
      return OptionalLong.empty();
    }
    // Not while somebody prunes, who may have read our claims already.
    return store.exclusively(
        () -> {
          add(digest);
          return store.size(digest);
        });
  }

  @Override
  public void ensureSpace(Map<String, Long> wanted) {
    long bytes = 0;
    for (Map.Entry<String, Long> blob : wanted.entrySet()) {
      bytes += Math.max(0, blob.getValue() - written(store.ingest(blob.getKey())));
    }
    FreeSpace.require(store.directory(), bytes, "prune the store, or use a store on another disk");
  }

  private static long written(Path unfinished) {
    try {
      return Files.size(unfinished);
    } catch (IOException e) {
      return 0;
    }
  }

  private synchronized void add(Digest digest) {
    if (claimed.contains(digest)) {
      return;
    }
    try {
      ByteBuffer line = ByteBuffer.wrap((digest + "\n").getBytes(StandardCharsets.US_ASCII));
      while (line.hasRemaining()) {
        claims.write(line);
      }
    } catch (IOException e) {
      throw StoreFailure.of("write", files.claims(), e);
    }
    claimed.add(digest);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (lock) {
      claims.close();
      files.remove();
      lock.delete();
    } catch (IOException e) {
      // Whoever next opens a session tries again, as nobody holds the lock file any more.
      LOG.warn("Could not remove the temporary files {}: {}", files.scratch(), e.toString());
    }
  }
}
