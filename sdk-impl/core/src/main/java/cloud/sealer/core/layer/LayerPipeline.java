package cloud.sealer.core.layer;

import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes the bytes of a tar in chunks: one thread hashes them, another compresses and stores them,
 * while the caller reads the next. The number of chunks bounds the memory; a caller that is ahead
 * waits for one.
 */
final class LayerPipeline implements AutoCloseable {
  private final BlockingQueue<Chunk> pool = new LinkedBlockingQueue<>();
  private final int maxChunks;
  private final Hash diffHash = Hash.sha256();
  private final @Nullable LayerCompressor compressor;
  private final ExecutorService hashing = LayerThreads.pool("hash", 1);
  private final ExecutorService compressing = LayerThreads.pool("compress", 1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private int chunks;
  private @Nullable Chunk current;
  private long size;

  /**
   * A pipeline that only hashes if it has no compressor.
   *
   * @param compressor what makes the blob; closed with this
   * @param retained how many chunks the compressor retains
   */
  LayerPipeline(@Nullable LayerCompressor compressor, int retained) {
    this.compressor = compressor;
    this.maxChunks = retained + 8;
  }

  /** A chunk with room for at least one byte. Whoever fills it calls {@link #written}. */
  Chunk room() {
    Chunk chunk = current;
    if (chunk != null && chunk.room() == 0) {
      submit(chunk);
      chunk = null;
    }
    if (chunk == null) {
      chunk = take();
      current = chunk;
    }
    return chunk;
  }

  void written(Chunk chunk, int count) {
    chunk.advance(count);
    size += count;
  }

  void write(byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      Chunk chunk = room();
      int count = Math.min(bytes.length - done, chunk.room());
      System.arraycopy(bytes, done, chunk.bytes, chunk.length(), count);
      written(chunk, count);
      done += count;
    }
  }

  private Chunk take() {
    checkFailure();
    if (Thread.currentThread().isInterrupted()) {
      throw SealerException.cancelled("writing a layer");
    }
    if (chunks < maxChunks && pool.isEmpty()) {
      chunks++;
      return new Chunk(pool);
    }
    try {
      return pool.take();
    } catch (InterruptedException e) {
      throw SealerException.cancelled("writing a layer");
    }
  }

  private void submit(Chunk chunk) {
    LayerCompressor blob = compressor;
    chunk.retain(blob == null ? 1 : 2);
    run(hashing, chunk, () -> diffHash.update(chunk.bytes, 0, chunk.length()));
    if (blob != null) {
      run(compressing, chunk, () -> blob.write(chunk));
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  /**
   * After a failure the rest is skipped, but every chunk goes back to the pool, so that nobody
   * waits.
   */
  private void run(ExecutorService thread, @Nullable Chunk chunk, Step step) {
    thread.execute(
        () -> {
          try {
            if (failure.get() == null) {
              step.run();
            }
          } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
          } finally {
            if (chunk != null) {
              chunk.release();
            }
          }
        });
  }

  private void checkFailure() {
    Throwable thrown = failure.get();
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (thrown instanceof Error error) {
      throw error;
    }
    if (thrown != null) {
      throw SealerException.builder(
              ErrorCode.STORE_IO, "cannot write a layer to the store: " + thrown.getMessage())
          .remedy("check free space and permissions of the store, then try again")
          .cause(thrown)
          .build();
    }
  }

  /**
   * Waits until everything is hashed, compressed and stored. Returns the digest of the uncompressed
   * tar.
   */
  Digest finish() {
    Chunk last = current;
    current = null;
    if (last != null) {
      submit(last);
    }
    LayerCompressor blob = compressor;
    if (blob != null) {
      run(compressing, null, blob::finish);
    }
    LayerThreads.end(hashing);
    LayerThreads.end(compressing);
    checkFailure();
    return diffHash.digest();
  }

  /** The length of the uncompressed tar. */
  long size() {
    return size;
  }

  @Override
  public void close() {
    failure.compareAndSet(null, new IllegalStateException("the layer was given up"));
    LayerThreads.end(hashing);
    LayerThreads.end(compressing);
    if (compressor != null) {
      compressor.close();
    }
  }
}
