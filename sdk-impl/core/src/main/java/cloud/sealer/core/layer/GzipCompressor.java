package cloud.sealer.core.layer;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
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
 */
final class GzipCompressor implements LayerCompressor {
  private static final int DICTIONARY = 32 * 1024;
  private static final int LEVEL = 6;

  /** No name, no time, and an unknown system. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  /** An empty last block. */
  private static final byte[] END = {3, 0};

  private final BlobSink sink;
  private final ExecutorService threads;
  private final int inFlight;
  private final Queue<Future<Block>> blocks = new ArrayDeque<>();
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

  @SuppressWarnings("ArrayRecordComponent") // private, and never compared
  private record Block(byte[] bytes, int length) {}

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
    blocks.add(
        threads.submit(
            () -> {
              try {
                return deflate(chunk, before);
              } finally {
                chunk.release();
              }
            }));
    if (blocks.size() >= inFlight) {
      writeNext();
    }
  }

  private static Block deflate(Chunk chunk, byte[] dictionary) {
    // Larger than any result: bytes that do not shrink are stored with five bytes for each 16 KiB.
    byte[] output = new byte[Chunk.CAPACITY + 1024];
    Deflater deflater = new Deflater(LEVEL, true);
    try {
      if (dictionary.length > 0) {
        deflater.setDictionary(dictionary);
      }
      deflater.setInput(chunk.bytes, 0, chunk.length());
      return new Block(output, deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH));
    } finally {
      deflater.end();
    }
  }

  private void writeNext() throws IOException {
    try {
      Block block = blocks.remove().get();
      sink.write(block.bytes(), 0, block.length());
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
  }
}
