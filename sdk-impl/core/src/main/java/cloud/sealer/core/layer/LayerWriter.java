package cloud.sealer.core.layer;

import cloud.sealer.sdk.Compression;
import cloud.sealer.sdk.Descriptor;
import cloud.sealer.sdk.Digest;
import cloud.sealer.sdk.ErrorCode;
import cloud.sealer.sdk.SealerException;
import cloud.sealer.sdk.spi.FileTree;
import cloud.sealer.sdk.spi.LayerStore;
import cloud.sealer.sdk.spi.Task;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.LongConsumer;

/**
 * Writes files as a layer, straight into a store, in one pass: each byte is read, hashed,
 * compressed and written once. Equal entries give equal bytes, whatever the order they are given
 * in, the time, the user and the number of processors. Thread-safe.
 */
public final class LayerWriter {
  private final Compression compression;
  private final long time;
  private final int threads;

  /**
   * A writer that uses all processors.
   *
   * @param compression how to compress
   * @param sourceDateEpoch the time of all entries, in seconds since 1970; what tar cannot hold is
   *     clamped
   */
  public LayerWriter(Compression compression, long sourceDateEpoch) {
    this(compression, sourceDateEpoch, Runtime.getRuntime().availableProcessors());
  }

  LayerWriter(Compression compression, long sourceDateEpoch, int threads) {
    this.compression = compression;
    this.time = sourceDateEpoch;
    this.threads = threads;
  }

  /**
   * Writes a layer.
   *
   * @param entries the files, with distinct paths
   * @param session the work it belongs to
   * @param task hears of progress, in bytes of file contents; not ended here
   * @return the layer in the store
   * @throws SealerException with {@link ErrorCode#INVALID_CONTEXT} if a file cannot be read or
   *     changes meanwhile, {@link ErrorCode#PROVIDER_MISSING} without zstd-jni, {@link
   *     ErrorCode#STORE_IO}
   */
  public WrittenLayer write(List<FileTree.Entry> entries, LayerStore.Session session, Task task) {
    // A key that begins with the name of the session's own directory is never resumed, and goes
    // with it.
    String key = session.scratch().getFileName() + "-" + UUID.randomUUID();
    boolean committed = false;
    LayerStore.BlobWriter writer = session.write(key);
    try {
      WrittenLayer layer = write(entries, writer, task::advance);
      writer.commit(layer.descriptor().digest());
      committed = true;
      return layer;
    } catch (IOException e) {
      throw SealerException.builder(
              ErrorCode.STORE_IO, "cannot write a layer to the store: " + e.getMessage())
          .remedy("check free space and permissions of the store, then try again")
          .cause(e)
          .build();
    } finally {
      close(writer, committed);
    }
  }

  private static void close(LayerStore.BlobWriter writer, boolean committed) {
    try (writer) {
      if (!committed) {
        writer.restart();
      }
    } catch (IOException | SealerException e) {
      return; // the failure that led here says more, and the store removes the rest with the
      // session
    }
  }

  private WrittenLayer write(
      List<FileTree.Entry> entries, LayerStore.BlobWriter writer, LongConsumer progress) {
    BlobSink sink = new BlobSink(writer);
    int retained = compression == Compression.GZIP ? GzipCompressor.inFlight(threads) : 0;
    try (LayerPipeline pipeline = new LayerPipeline(compressor(sink), retained)) {
      Digest diffId = write(entries, pipeline, progress);
      Digest digest = compression == Compression.NONE ? diffId : sink.digest();
      Descriptor descriptor = new Descriptor(compression.mediaType(), digest, sink.size());
      return new WrittenLayer(descriptor, diffId, pipeline.size());
    }
  }

  private LayerCompressor compressor(BlobSink sink) {
    return switch (compression) {
      case ZSTD -> Zstd.compressor(sink, threads);
      case GZIP -> new GzipCompressor(sink, threads);
      case NONE ->
          new LayerCompressor() {
            @Override
            public void write(Chunk chunk) throws IOException {
              sink.writeUnhashed(chunk.bytes, 0, chunk.length());
            }

            @Override
            public void finish() {}
          };
    };
  }

  /**
   * Computes the digest that the uncompressed layer of these entries would have, without writing
   * it.
   *
   * @param entries the files, with distinct paths
   * @return the diffId
   */
  public Digest diffId(List<FileTree.Entry> entries) {
    try (LayerPipeline pipeline = new LayerPipeline(null, 0)) {
      return write(entries, pipeline, bytes -> {});
    }
  }

  private Digest write(
      List<FileTree.Entry> entries, LayerPipeline pipeline, LongConsumer progress) {
    List<FileTree.Entry> sorted =
        entries.stream().sorted(Comparator.comparing(FileTree.Entry::path)).toList();
    TarStream tar = new TarStream(pipeline, time, progress);
    FileTree.Entry previous = null;
    for (FileTree.Entry entry : sorted) {
      if (previous != null && previous.path().equals(entry.path())) {
        throw new IllegalArgumentException("two entries have the path " + entry.path());
      }
      tar.add(entry);
      previous = entry;
    }
    tar.end();
    return pipeline.finish();
  }
}
