package cloud.sealer.core.layer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses with the JDK's zlib on several threads, into a single gzip member. Each chunk is
 * compressed on its own, knowing the end of the one before it as its dictionary, and ended at a
 * byte boundary; so the result does not depend on the number of threads.
 *
 * <p>The level is the lowest that looks for better matches ahead: the default level 6 takes twice
 * the time for 3 % less.
 */
final class GzipCompressor implements LayerCompressor {
  private static final int DICTIONARY = 32 * 1024;
  private static final int LEVEL = 4;

  /** No name, no time, and an unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /** An empty last block. */
  private static final byte[] END = {3, 0};

  private final BlobSink sink;
  private final ExecutorService threads;
  private final int inFlight;
  private final Queue<Future<Block>> blocks = new ArrayDeque<>();
  private final Queue<Block> idle = new ArrayDeque<>();
  private final List<Block> all = new ArrayList<>();
  private final byte[] compressed = new byte[Block.CAPACITY];
  private final CRC32 crc = new CRC32();
  private byte[] dictionary = {};
  private long total;

  GzipCompressor(BlobSink sink, int threads) {
    this.sink = sink;
    this.threads = LayerThreads.pool("gzip", threads);
    this.inFlight = inFlight(threads);
  }

  /** How many chunks are retained at most. */
  static int inFlight(int threads) {
    return 2 * threads;
  }

  /**
   * A compressor with the memory for one chunk, used again and again. Direct buffers keep the
   * garbage collector free while zlib works.
   */
  private static final class Block {
    /** Larger than any result: what does not shrink is stored, with five bytes for 16 KiB. */
    static final int CAPACITY = Chunk.CAPACITY + 1024;

    private final Deflater deflater = new Deflater(LEVEL, true);
    private final ByteBuffer input = ByteBuffer.allocateDirect(Chunk.CAPACITY);
    private final ByteBuffer output = ByteBuffer.allocateDirect(CAPACITY);

    Block deflate(Chunk chunk, byte[] dictionary) {
      input.clear().put(chunk.bytes, 0, chunk.length()).flip();
      output.clear();
      deflater.reset();
      if (dictionary.length > 0) {
        deflater.setDictionary(dictionary);
      }
      deflater.setInput(input);
      deflater.deflate(output, Deflater.SYNC_FLUSH);
      return this;
    }
  }

  @Override
  public void write(Chunk chunk) throws IOException {
    if (total == 0) {
      sink.write(HEADER, 0, HEADER.length);
    }
    int length = chunk.length();
    crc.update(chunk.bytes, 0, length);
    total += length;
    byte[] before = dictionary;
    dictionary = Arrays.copyOfRange(chunk.bytes, Math.max(0, length - DICTIONARY), length);
    chunk.retain(1);
    Block block = block();
    blocks.add(
        threads.submit(
            () -> {
              try {
                return block.deflate(chunk, before);
              } finally {
                chunk.release();
              }
            }));
    if (blocks.size() >= inFlight) {
      writeNext();
    }
  }

  private Block block() {
    Block block = idle.poll();
    if (block == null) {
      block = new Block();
      all.add(block);
    }
    return block;
  }

  private void writeNext() throws IOException {
    try {
      Block block = blocks.remove().get();
      int length = block.output.flip().remaining();
      block.output.get(compressed, 0, length);
      sink.write(compressed, 0, length);
      idle.add(block);
    } catch (ExecutionException e) {
      throw new IOException("gzip: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("gzip was interrupted", e);
    }
  }

  @Override
  public void finish() throws IOException {
    while (!blocks.isEmpty()) {
      writeNext();
    }
    sink.write(END, 0, END.length);
    byte[] trailer = new byte[8];
    for (int i = 0; i < 4; i++) {
      trailer[i] = (byte) (crc.getValue() >>> (8 * i));
      trailer[4 + i] = (byte) (total >>> (8 * i));
    }
    sink.write(trailer, 0, trailer.length);
  }

  @Override
  public void close() {
    LayerThreads.end(threads);
    all.forEach(block -> block.deflater.end());
  }
}
