package cloud.sealer.core.layer;

import com.github.luben.zstd.EndDirective;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Compresses with zstd-jni, whose library has threads of its own.
 *
 * <p>At least one worker is asked for and the job size is fixed, so that the output does not depend
 * on the number of workers. Direct buffers keep the garbage collector free while the library waits
 * for its threads.
 */
final class ZstdCompressor implements LayerCompressor {
  private static final int LEVEL = 1;
  private static final int JOB_SIZE = 2 * 1024 * 1024;
  private static final int MAX_WORKERS = 16;

  private final BlobSink sink;
  private final ZstdCompressCtx context = new ZstdCompressCtx();
  private final ByteBuffer input = ByteBuffer.allocateDirect(Chunk.CAPACITY);
  private final ByteBuffer output = ByteBuffer.allocateDirect(Chunk.CAPACITY);
  private final byte[] compressed = new byte[Chunk.CAPACITY];

  ZstdCompressor(BlobSink sink, int workers) {
    this.sink = sink;
    context
        .setLevel(LEVEL)
        .setChecksum(false)
        .setWorkers(Math.max(1, Math.min(workers, MAX_WORKERS)))
        .setJobSize(JOB_SIZE);
  }

  @Override
  public void write(Chunk chunk) throws IOException {
    input.clear().put(chunk.bytes, 0, chunk.length()).flip();
    while (input.hasRemaining()) {
      step(EndDirective.CONTINUE);
    }
  }

  @Override
  public void finish() throws IOException {
    input.clear().limit(0);
    boolean done = false;
    while (!done) {
      done = step(EndDirective.END);
    }
  }

  private boolean step(EndDirective directive) throws IOException {
    output.clear();
    boolean done;
    try {
      done = context.compressDirectByteBufferStream(output, input, directive);
    } catch (ZstdException e) {
      throw new IOException("zstd: " + e.getMessage(), e);
    }
    int length = output.flip().remaining();
    output.get(compressed, 0, length);
    sink.write(compressed, 0, length);
    return done;
  }

  @Override
  public void close() {
    context.close();
  }
}
